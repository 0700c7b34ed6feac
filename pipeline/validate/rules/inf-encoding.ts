import { nameOf } from '../../core/paths.ts';
import type { Inf } from '../../formats/inf/inf.ts';
import { type InfEncoding, isMisread } from '../../formats/inf/text.ts';
import { defineRule } from '../define.ts';

export const infEncoding = defineRule({
  id: 'inf/encoding',
  severity: 'error',
  scope: 'package',
  explain: `The INF is in UTF-8 with a byte order mark, in UTF-16 without one, or in UTF-16 with its bytes in the other order.
Windows reads an INF as ANSI text, or as UTF-16 when it begins with the bytes FF FE. Of anything else it sees other characters, finds no valid [Version] and refuses the INF, or has to guess; Microsoft's checks refuse it (InfVerif 1003).
Take the INF as the driver build made it, or save it as "UTF-16 LE" in Notepad and make the catalog anew: a catalog holds the digest of the bytes, not of the text. While the encoding is wrong, catalog/inf-mismatch is not reported for the INF.`,
  check: ({ inf, parsed, catalog, verdict }) => {
    if (!isMisread(parsed)) return [];
    const isHeld = catalog !== undefined && !verdict.uncovered.includes(inf);
    return [
      {
        path: inf,
        message: `is in ${nameOfEncoding(parsed)}, and Windows reads ANSI or UTF-16LE with a byte order mark`,
        hint: isHeld
          ? 'save it as UTF-16LE with a byte order mark, and make the catalog anew'
          : `take ${nameOf(inf)} as the driver build made it`,
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
