import { encodedPath, folderOf } from '../core/paths.ts';
import { hypervisorOf } from '../formats/windows/driver-family.ts';
import type { Manifest } from '../manifest/manifest.ts';
import {
  installPath,
  licensesFolder,
  readmePath,
  setupFolder,
  unattendFolder,
} from '../model/disc-layout.ts';
import { type DriverFacts, recordedFacts } from '../model/driver-facts.ts';
import { clean } from './clean.ts';
import { pageDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { loadStates } from './load-state.ts';
import { chipText, matrixSection } from './matrix.ts';
import { pageStyle } from './style.ts';
import { verdictList } from './verdict.ts';
import { type CellView, packagesView } from './view.ts';

type DiscManifest = Pick<Manifest, 'release' | 'label' | 'targets'>;

/** Returns the index.html of a disc: how to install its drivers, and the folder of each for each Windows. */
export function discPage({ release, label, targets }: DiscManifest, facts: readonly DriverFacts[]): string {
  const drivers = clean(facts.map(recordedFacts));
  const view = packagesView({ drivers, findings: [] }, targets);
  return pageDocument({
    title: label,
    style: pageStyle,
    body: html`<header>
        <p class="kind">Disc of Windows drivers for ${hypervisorOf[release.family]} guests</p>
        <h1>${release.name} <span class="version">${release.version}</span></h1>
        <p class="title">${release.title}</p>
        ${verdictList(drivers, targets)}
      </header>
      <main>
        ${installSection(release.setupDrivers?.targets ?? [])}
        ${matrixSection(view, { driver: ({ name }) => folderLink(name), cell: folderChip })}
      </main>
      <footer>${`${label}. `}<a href=${readmePath}>${readmePath}</a> says how the drivers are signed; <a href=${`${licensesFolder}/`}>${licensesFolder}</a> has the licences.</footer>`,
  });
}

function installSection(setupTargets: readonly string[]): Html {
  return html`<section aria-labelledby="install-title">
    <h2 id="install-title">How to install</h2>
    <dl>
      <dt>In a running Windows</dt>
      <dd>Right-click <code>${installPath}</code> in the root of this disc and choose <q>Run as administrator</q>. It lists the
        drivers that are for this Windows, and waits for a key before it installs them. <code>${`${installPath} /?`}</code> shows its options.</dd>
      <dt>A single device</dt>
      <dd>In Device Manager choose <q>Update driver</q>, <q>Browse my computer for drivers</q>, and this disc or a folder of it: a link in the table below opens one.</dd>
      <dt>In Windows Setup</dt>
      <dd>${setupTargets.length > 0 && `Setup loads the storage and network drivers of ${setupTargets.join(', ')} from ${setupFolder} by itself. `}Where
        Setup of Vista or later shows no disk, choose <q>Load driver</q>, <q>Browse</q>, and the folder of the Windows in <code>amd64</code>, <code>i386</code> or <code>ARM64</code>.</dd>
      <dt>Unattended</dt>
      <dd>The files in <a href=${`${unattendFolder}/`}>${unattendFolder}</a> are parts for the <code>autounattend.xml</code> of each Windows.</dd>
      <dt>For a Windows that does not start</dt>
      <dd>At a prompt of Windows PE or of the recovery, <code>${`${installPath} /quiet`}</code> loads the drivers, so that the disk appears;${' '}
        <code>${`${installPath} /quiet /image C:`}</code> adds them to the Windows on <code>C:</code></dd>
    </dl>
  </section>`;
}

function folderChip(cell: CellView, inf: string): Html {
  const { state, target, facts } = cell;
  const text = chipText(cell, inf);
  if (facts === undefined) return html`<span class="chip missing">${text}</span>`;
  // The label begins with what the chip shows, so that voice control finds the link.
  const label = `${[target.arch, inf].filter(Boolean).join(' ')}: ${loadStates[state].label}`;
  return html`<a class=${`chip ${state}`} href=${folderLink(folderOf(facts.inf))} aria-label=${label}>${text}</a>`;
}

/** A browser lists the folder. */
function folderLink(folder: string): string {
  return `${encodedPath(folder)}/`;
}
