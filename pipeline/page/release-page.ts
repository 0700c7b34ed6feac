import { createHash } from 'node:crypto';
import prettyBytes from 'pretty-bytes';
import { plural } from '../core/text.ts';
import { loadSentences } from '../model/load-sentences.ts';
import { summariseLoads } from '../model/load-summary.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { browserScript } from './browser-script.ts';
import { bytesSection } from './bytes.ts';
import { changesSection, type PageChanges } from './changes.ts';
import { driversSection } from './drivers.ts';
import { filterForm, pageData } from './filters.ts';
import { findingsSection } from './findings.ts';
import { foldersSection } from './folders.ts';
import { documentText, type Html, html, scriptJson, verbatim } from './html.ts';
import { matrixSection } from './matrix.ts';
import { digestsSection, provenanceSection } from './provenance.ts';
import { pageStyle } from './style.ts';
import { type PageTarget, type ReleaseView, releaseView } from './view.ts';

interface PageOptions {
  /** Names and order of the Windows versions, for records that lack them. */
  readonly targets: readonly PageTarget[];
  readonly changes?: PageChanges;
}

/** Returns a release as one HTML document that loads nothing; its bytes depend only on the record and the options. */
export function releasePage(record: ReleaseRecord, { targets, changes }: PageOptions): string {
  const rows = record.targets ?? targets;
  const view = releaseView(record, rows);
  return documentText(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta http-equiv="Content-Security-Policy" content=${policy} />
      <link rel="icon" href="data:," />
      <title>${`${view.record.name} ${view.record.version}`}</title>
      ${verbatim('style', pageStyle)}
    </head>
    <body>
      <a class="skip" href="#matrix">Skip to the drivers</a>
      ${header(view, rows, changes)}
      <main>
        ${filterForm(view)}
        ${matrixSection(view)}
        ${foldersSection(view)}
        ${changes !== undefined && changesSection(changes)}
        ${driversSection(view)}
        ${findingsSection(view)}
        ${bytesSection(view)}
        ${digestsSection(view)}
        ${provenanceSection(view)}
      </main>
      <footer>${`Written by pvdisc ${view.record.tools.find(({ name }) => name === 'pvdisc')?.version ?? ''} from release.json.`}</footer>
      ${verbatim('script', scriptJson(pageData(view)), 'application/json')}
      ${verbatim('script', browserScript)}
    </body>
  </html>`);
}

/** The page may run its own style and script and load nothing. */
const policy = `default-src 'none'; img-src data:; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(browserScript)}'; base-uri 'none'; form-action 'none'`;

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function header(view: ReleaseView, rows: readonly PageTarget[], changes: PageChanges | undefined): Html {
  const { record, drivers, targets, cells } = view;
  const packages = cells.filter(({ facts }) => facts !== undefined).length;
  return html`<header>
    <p class="kind">${record.kind === 'passthrough' ? "Upstream's disc, packaged unchanged" : 'Disc of Windows drivers for KVM guests'}</p>
    <h1>${record.name} <span class="version">${record.version}</span></h1>
    <p class="title">${record.title}</p>
    <ul class="verdict">${loadSentences(summariseLoads(record.drivers, rows)).map(
      ({ tone, text, details }) =>
        html`<li class=${tone}><b>${text}</b>${details.map((detail) => html`<small>${detail}</small>`)}</li>`,
    )}</ul>
    <p class="facts">${[plural(drivers.length, 'driver'), plural(packages, 'package'), `${plural(new Set(targets.map(({ os }) => os)).size, 'Windows version')}`, `${prettyBytes(record.iso.size)} on the disc`, record.date.slice(0, 10)].map((fact) => html`<span>${fact}</span>`)}</p>
    <nav aria-label="Sections">
      <a href="#matrix">Drivers by Windows</a> <a href="#folders">Which folder?</a> ${changes !== undefined && html`<a href="#changes">Changes</a> `}
      <a href="#drivers">Each driver</a> <a href="#findings">Findings</a> <a href="#bytes">Bytes</a>
      <a href="#verify">Verify</a> <a href="#provenance">Provenance</a>
    </nav>
  </header>`;
}
