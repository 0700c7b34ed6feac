import type { Manifest } from '../manifest/manifest.ts';
import { symbolsLabel } from '../manifest/names.ts';
import { licensesFolder } from '../model/disc-layout.ts';
import type { DiscFile } from '../model/driver-tree.ts';

/** Returns the README.txt of the disc of debug symbols: what it is and how a debugger is told of it. CRLF, ASCII. */
export function symbolsReadme(manifest: Manifest, symbols: readonly DiscFile[]): string {
  const label = symbolsLabel(manifest);
  const folders = [...new Set(symbols.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  const example = (folders.at(-1) ?? '').replaceAll('/', '\\');
  const text = `${label}
${'='.repeat(label.length)}

Debug symbols (.pdb) of: ${manifest.release.title}.

Nobody needs them to install or to run a driver. A debugger does, to show names instead of addresses in a
driver or in a crash dump. They lie where their drivers lie on the disc ${manifest.label}:
<Driver>\\<folder of the Windows>\\<architecture>.

How to use them
---------------
D: stands for the drive letter of this disc. In WinDbg or kd:
  .sympath+ D:\\${example}
  .reload
Symbols belong to one build of a driver; the debugger takes those that fit and passes over others.

Licences
--------
The texts are in ${licensesFolder}\\. Nothing on this disc comes with a warranty.
`;
  return text.replace(/[^\n\x20-\x7e]/g, '?').replaceAll('\n', '\r\n');
}
