import { nameOf } from '../../core/paths.ts';
import type { Inf } from '../../formats/inf/inf.ts';
import { type InfEncoding, isMisread } from '../../formats/inf/text.ts';
import { defineRule } from '../define.ts';

export const infEncoding = defineRule({
  id: 'inf/encoding',
  severity: 'error',
  scope: 'package',
  explain: `The INF is in UTF-8 with a byte order mark, in UTF-16 without one, or in big-endian UTF-16.
Windows reads an INF as ANSI text, or as UTF-16 when it begins with the bytes FF FE. It decodes any other encoding wrongly, finds no valid [Version] and refuses the INF, or guesses; Microsoft's checks refuse it (InfVerif 1003).
Use the INF as the driver build made it, or save it as "UTF-16 LE" in Notepad and regenerate the catalog, which contains the digest of the bytes. While the encoding is wrong, catalog/inf-mismatch is not reported for the INF.`,
  check: ({ inf, parsed, catalog, verdict }) => {
    if (!isMisread(parsed)) return [];
    const isHeld = catalog !== undefined && !verdict.uncovered.includes(inf);
    return [
      {
        path: inf,
        message: `is in ${nameOfEncoding(parsed)}, but Windows reads ANSI or UTF-16LE with a byte order mark`,
        hint: isHeld
          ? 'save it as UTF-16LE with a byte order mark, and regenerate the catalog'
          : `use ${nameOf(inf)} as the driver build made it`,
      },
    ];
  },
});

const names: Readonly<Record<InfEncoding, string>> = {
  ascii: 'ASCII',
  'windows-1252': 'ANSI',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'utf-8': 'UTF-8',
};

function nameOfEncoding({ encoding, bom }: Inf): string {
  return `${names[encoding]} ${bom ? 'with' : 'without'} a byte order mark`;
}
