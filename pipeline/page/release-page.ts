import prettyBytes from 'pretty-bytes';
import { plural } from '../core/text.ts';
import { hypervisorOf } from '../formats/windows/driver-family.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { browserScript } from './browser-script.ts';
import { bytesSection } from './bytes.ts';
import { changesSection, type PageChanges } from './changes.ts';
import { pageDocument } from './document.ts';
import { driversSection } from './drivers.ts';
import { filterForm, pageData } from './filters.ts';
import { findingsSection } from './findings.ts';
import { foldersSection } from './folders.ts';
import { type Html, html, scriptJson } from './html.ts';
import { matrixSection } from './matrix.ts';
import { digestsSection, provenanceSection } from './provenance.ts';
import { releaseStyle } from './release-style.ts';
import { pageStyle } from './style.ts';
import { verdictList } from './verdict.ts';
import { type PageTarget, type ReleaseView, releaseView } from './view.ts';

interface PageOptions {
  /** Names and order of the Windows versions, for records that lack them. */
  readonly targets: readonly PageTarget[];
  /** Instead of those that the record has. */
  readonly changes?: PageChanges;
}

/** Returns a release as one HTML document that loads nothing; its bytes depend only on the record and the options. */
export function releasePage(record: ReleaseRecord, { targets, changes: given }: PageOptions): string {
  const rows = record.targets ?? targets;
  const view = releaseView(record, rows);
  const changes = given ?? view.record.changes;
  return pageDocument({
    title: `${view.record.name} ${view.record.version}`,
    style: pageStyle + releaseStyle,
    body: html`<a class="skip" href="#matrix">Skip to the drivers</a>
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
      <footer>${`Written by pvdisc ${view.record.tools.find(({ name }) => name === 'pvdisc')?.version ?? ''} from release.json.`}</footer>`,
    script: { text: browserScript, data: scriptJson(pageData(view)) },
  });
}

function header(view: ReleaseView, rows: readonly PageTarget[], changes: PageChanges | undefined): Html {
  const { record, drivers, targets, cells } = view;
  const packages = cells.filter(({ facts }) => facts !== undefined).length;
  return html`<header>
    <p class="kind">${record.kind === 'passthrough' ? "Upstream's disc, packaged unchanged" : `Disc of Windows drivers for ${hypervisorOf[record.family ?? 'virtio']} guests`}</p>
    <h1>${record.name} <span class="version">${record.version}</span></h1>
    <p class="title">${record.title}</p>
    ${verdictList(record.drivers, rows)}
    <p class="facts">${[plural(drivers.length, 'driver'), plural(packages, 'package'), `${plural(new Set(targets.map(({ os }) => os)).size, 'Windows version')}`, `${prettyBytes(record.iso.size)} on the disc`, record.date.slice(0, 10)].map((fact) => html`<span>${fact}</span>`)}</p>
    <nav aria-label="Sections">
      <a href="#matrix">Drivers by Windows</a> <a href="#folders">Which folder?</a> ${changes !== undefined && html`<a href="#changes">Changes</a> `}
      <a href="#drivers">Each driver</a> <a href="#findings">Findings</a> <a href="#bytes">Bytes</a>
      <a href="#verify">Verify</a> <a href="#provenance">Provenance</a>
    </nav>
  </header>`;
}
