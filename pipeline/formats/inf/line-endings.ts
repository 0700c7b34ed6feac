/**
 * Restores the line endings that an INF had when its catalog was made: returns the first variant that `isRight` accepts,
 * undefined when the input is right or no variant is. The variants are CRLF throughout, and CRLF with a bare LF after some of
 * the lone `;` lines that upstream's build of Windows 8.1 drivers leaves in place of a co-installer.
 */
export function repairLineEndings(
  bytes: Uint8Array,
  isRight: (bytes: Uint8Array) => boolean,
): Uint8Array | undefined {
  if (bytes.length > maxBytes || isRight(bytes)) return undefined;
  for (const form of forms(bytes)) {
    if (isRight(form)) return form;
  }
  return undefined;
}

/** The largest INF of virtio-win has 60 KiB. */
const maxBytes = 2 ** 18;

/** Every subset of these lines is tried: 12 lines give at most 4096 tries; real INFs have up to 4. */
const maxCandidates = 12;

function* forms(bytes: Uint8Array): Generator<Uint8Array> {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  yield joinLines(lines, new Set());
  const candidates = [...lines.keys()].filter((index) => lines[index] === ';' && lines[index + 1] === '');
  if (candidates.length > maxCandidates) return;
  for (let subset = 1; subset < 2 ** candidates.length; subset += 1) {
    yield joinLines(lines, new Set(candidates.filter((_, bit) => (subset >> bit) & 1)));
  }
}

function joinLines(lines: readonly string[], bare: ReadonlySet<number>): Uint8Array {
  const last = lines.length - 1;
  const ended = lines.map((line, index) =>
    index === last ? line : `${line}${bare.has(index) ? '\n' : '\r\n'}`,
  );
  return Buffer.from(ended.join(''), 'latin1');
}
