/** Returns the folder of a path, `.` for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}

/** Returns the last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns a path as a relative reference of a URL (RFC 3986). */
export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * Compiles a glob that ignores case; without a slash it matches a file's name in any folder. A match takes time in proportion to
 * the lengths of glob and path: no regular expression backtracks, since the globs of a release may be untrusted.
 * Throws a SyntaxError when a range of letters ends before it starts.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const steps = compile(pattern.replace(/^(?:\.\/)+/, ''), '', '');
  const isName = !pattern.includes('/');
  return (path) => {
    const text = isName ? nameOf(path) : path;
    const start = new Uint8Array(text.length + 1);
    start[0] = 1;
    return advance(steps, text, start)[text.length] === 1;
  };
}

/** For each place in a text, its end included: 1 where the part of a glob that has been matched can end, else 0. */
type Places = Uint8Array;

/** One part of a glob: from the places where the parts before it can end, those where it can. */
type Step = (text: string, from: Places) => Places;

function advance(steps: readonly Step[], text: string, from: Places): Places {
  let at = from;
  for (const step of steps) {
    if (!at.includes(1)) break;
    at = step(text, at);
  }
  return at;
}

/** `before` and `after` are the characters around a part in braces: `**` is any folders only where it is a whole name. */
function compile(pattern: string, before: string, after: string): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const starts = '/'.includes(pattern[at - 1] ?? before);
    const [folders] = (starts && /^(?:\*\*\/)+/.exec(rest)) || [];
    const [stars] = /^\*+/.exec(rest) ?? [];
    const [set, inside] = /^\[([!^]?\]?[^\]]*)\]/.exec(rest) ?? [];
    const group = rest.startsWith('{') ? groupAt(rest) : undefined;
    if (folders !== undefined) {
      steps.push(anyFolders);
      at += folders.length;
    } else if (stars !== undefined) {
      const isRest = starts && stars.length === 2 && at + 2 === pattern.length && '/'.includes(after);
      steps.push(!isRest ? anyLetters : after === '' ? wholeRest : anyText);
      at += stars.length;
    } else if (set !== undefined && inside !== undefined && inside !== '') {
      steps.push(oneOf(letterSet(inside)));
      at += set.length;
    } else if (group !== undefined) {
      const end = at + group.length;
      const branches = group.branches.map((branch) =>
        compile(branch, pattern[at - 1] ?? before, pattern[end] ?? after),
      );
      steps.push((text, from) => {
        const ends = branches.map((branch) => advance(branch, text, from));
        return from.map((_, place) => (ends.some((reached) => reached[place] === 1) ? 1 : 0));
      });
      at = end;
    } else {
      const isEscaped = rest.startsWith('\\') && rest.length > 1;
      const letter = isEscaped ? rest.charAt(1) : rest.charAt(0);
      steps.push(letter === '?' && !isEscaped ? oneOf(/[^/]/s) : oneOf(new RegExp(escaped(letter), 'i')));
      at += isEscaped ? 2 : 1;
    }
  }
  return steps;
}

const anyLetters: Step = (text, from) => {
  const ends = from.slice();
  for (let at = 0; at < text.length; at++) {
    if (ends[at] === 1 && text[at] !== '/') ends[at + 1] = 1;
  }
  return ends;
};

const anyFolders: Step = (text, from) => {
  const ends = from.slice();
  for (let slash = text.indexOf('/', from.indexOf(1)); slash !== -1; slash = text.indexOf('/', slash + 1)) {
    ends[slash + 1] = 1;
  }
  return ends;
};

/** All that is left. */
const wholeRest: Step = (_text, from) => from.map((_, place) => (place === from.length - 1 ? 1 : 0));

/** Any characters: `**` at the end of a branch before a slash, as in `{a/**,b}/c`. */
const anyText: Step = (_text, from) => from.map((_, place) => (place >= from.indexOf(1) ? 1 : 0));

/** One character that a regular expression of one character matches; its answers for ASCII are kept. */
function oneOf(letter: RegExp): Step {
  const known: (boolean | undefined)[] = [];
  const isOne = (text: string, at: number): boolean => {
    const code = text.charCodeAt(at);
    const answer = known[code] ?? letter.test(text.charAt(at));
    if (code < 128) known[code] = answer;
    return answer;
  };
  return (text, from) => {
    const ends = new Uint8Array(from.length);
    for (let at = 0; at < text.length; at++) {
      if (from[at] === 1 && isOne(text, at)) ends[at + 1] = 1;
    }
    return ends;
  };
}

/** `[a-z]`, `[!a-z]` or `[^a-z]`: a slash is in none of them. */
function letterSet(inside: string): RegExp {
  const isNegated = /^[!^]/.test(inside);
  const letters = [...(isNegated ? inside.slice(1) : inside)].map((letter, at, all) => {
    const isRange = letter === '-' && at > 0 && at < all.length - 1;
    return isRange ? '-' : escaped(letter);
  });
  return new RegExp(isNegated ? `[^/${letters.join('')}]` : `(?!/)[${letters.join('')}]`, 'i');
}

function escaped(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Splits `{a,b{c,d}}…` at its own commas; undefined when it has none or does not end. */
function groupAt(
  text: string,
): { readonly length: number; readonly branches: readonly string[] } | undefined {
  const branches = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '{') depth++;
    if (letter === '}') depth--;
    if (depth === 0) return branches.length === 1 ? undefined : { length: at + 1, branches };
    if (letter === ',' && depth === 1) branches.push('');
    else if (letter === '\\') branches.push(`${branches.pop()}${text.slice(at, ++at + 1)}`);
    else if (at > 0) branches.push(`${branches.pop()}${letter}`);
  }
  return undefined;
}
