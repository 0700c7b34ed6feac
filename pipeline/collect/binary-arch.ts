import type { StoredBytes } from '../core/content.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { FormatError } from '../formats/format-error.ts';
import { readPeHeaders } from '../formats/pe/headers.ts';
import { type Arch, archFacts, archNames } from '../formats/windows/targets.ts';
import { storedBytes } from '../sources/define.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';
import type { ClaimedPackage } from './claim-package.ts';

/** Returns the architecture that a driver package's binaries were built for: that of its `.sys`, else of its first program or library. */
export async function binaryArch({ files }: ClaimedPackage): Promise<Arch | undefined> {
  for (const ending of [/\.sys$/i, /\.(dll|exe)$/i]) {
    for (const { file } of files) {
      if (!ending.test(file.path) || file.file === undefined) continue;
      const machine = await machineOf(storedBytes(file));
      const arch = archNames.find((name) => archFacts[name].machine === machine);
      if (arch !== undefined) return arch;
    }
  }
  return undefined;
}

/** A file that is damaged or too large says nothing here; the rules and `problems` tell of it. */
async function machineOf(stored: StoredBytes): Promise<number | undefined> {
  if ((await storedSize(stored)) > maxDriverFileBytes) return undefined;
  try {
    return readPeHeaders(await readStored(stored)).machine;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
