import { groupBy } from '../core/group-by.ts';
import { plural } from '../core/text.ts';
import { isLoadedAsInstalled } from '../formats/windows/signing-policy.ts';
import { setupFolder } from '../model/disc-layout.ts';
import { type Html, html } from './html.ts';
import { ids, stateText } from './matrix.ts';
import type { CellView, ReleaseView } from './view.ts';

/** Returns the section that answers "which folder do I browse to" for each Windows and architecture. */
export function foldersSection({ targets, cells, record }: ReleaseView): Html {
  const byTarget = groupBy(cells, ({ target }) => `${target.os}/${target.arch}`);
  const hasFloppySetup = targets.some(({ windows }) => /Windows (?:XP|Server 2003)/.test(windows));
  const loaded = loadedBySetup(record.iso.files.map(({ path }) => path));
  return html`<section id="folders" aria-labelledby="folders-title">
    <h2 id="folders-title">Which folder do I browse to?</h2>
    <p>In Device Manager choose <q>Update driver</q>, <q>Browse my computer for drivers</q>, then the folder on the
      disc <code>${record.iso.label}</code>. Windows Setup from Vista on asks the same way: <q>Load driver</q>, <q>Browse</q>.${
        hasFloppySetup && ' Setup of Windows XP and Server 2003 reads drivers from a floppy disk only (F6).'
      }</p>
    ${loaded.length > 0 && html`<p>Windows Setup loads these by itself, from <code>${setupFolder}</code>: ${loaded.join('; ')}.</p>`}
    <p>Choose the Windows of the guest:</p>
    <div class="targets">
    ${targets.map(({ os, arch, windows }) => {
      const here = (byTarget.get(`${os}/${arch}`) ?? []).filter(({ facts }) => facts !== undefined);
      const loading = here.filter(({ facts }) => isLoadedAsInstalled(facts?.loads)).length;
      return html`<details class="target" id=${`folder-${os}-${arch}`.replace(/[^\w.-]/g, '_')} data-p=${ids(here)}>
        <summary><span class="name">${windows}</span> <span class="arch">${arch}</span>
          <span class="note">${`${loading} of ${plural(here.length, 'driver package')} ${loading === 1 ? 'loads' : 'load'}`}</span></summary>
        <table class="plain">
          <thead><tr><th scope="col">Driver</th><th scope="col">Folder</th><th scope="col">Windows</th></tr></thead>
          <tbody>${here.map(folderRow)}</tbody>
        </table>
      </details>`;
    })}
    </div>
  </section>`;
}

/** Returns `amd64: viostor, vioscsi` for each architecture that has drivers for Windows Setup. */
function loadedBySetup(paths: readonly string[]): string[] {
  const inFolder = paths
    .map((path) => path.split('/'))
    .filter(([top, , , file]) => top === setupFolder && file);
  return [...groupBy(inFolder, ([, arch = '']) => arch)].map(
    ([arch, files]) => `${arch}: ${[...new Set(files.map(([, , driver]) => driver))].join(', ')}`,
  );
}

function folderRow(cell: CellView): Html {
  const { id, driver, facts, folder, state } = cell;
  return html`<tr data-p=${String(id)}>
    <th scope="row">${driver} <small>${facts?.name ?? ''}</small></th>
    <td><code class="path">${folder.replaceAll('/', '\\')}</code></td>
    <td>${stateText(state)}</td>
  </tr>`;
}
