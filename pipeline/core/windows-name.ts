/**
 * Returns a path as file systems compare it at their laxest: upper case letter by letter, as NTFS does with its table
 * `$UpCase`, and composed (Unicode NFC), as other systems see it. Paths with one key cannot both be on a disc.
 */
export function collisionKey(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toUpperCase();
  return [...path.normalize('NFC')].map(upcase).join('').normalize('NFC');
}

/** NTFS maps each UTF-16 unit to one unit, so that ß stays ß, and ᾀ and ᾈ are one, whose upper case in JavaScript is two letters (Unicode, simple case mapping). */
function upcase(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter.toLowerCase();
}

/** Device names of Windows (Microsoft Learn, "Naming Files, Paths, and Namespaces"; `CONIN$` and `CONOUT$` are those of its console). */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:[.:]|$)/i;

/** Tells whether Windows takes a name, with or without an ending, for a device. */
export function isDeviceName(name: string): boolean {
  return devices.test(name);
}
