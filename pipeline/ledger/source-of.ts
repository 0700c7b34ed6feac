/**
 * Returns the source of a URL's bytes: its server's name, or `onDisk`, since the origin of a local file is unknown. All names of this
 * machine count as one server; two names of another machine cannot be distinguished from two servers.
 */
export function sourceOf(address: string): string | undefined {
  if (!/^(?:https?|file):\/\//.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'file:') return onDisk;
  const name = hostname.replace(/\.$/, '');
  return isLoopback(name) ? 'localhost' : name;
}

/** The source of all local files; it confirms no other source. */
export const onDisk = 'file:';

/** Returns the text under `seen` of a ledger entry: the URL, and the server that sent the bytes if a redirect led elsewhere. */
export function seenWords(url: string, source: string): string {
  return sourceOf(url) === source ? url : `${url} (bytes from ${source})`;
}

/** Parses the source from a text of `seenWords`; undefined for other texts, such as the name of a package. */
export function sourceSeen(seen: string): string | undefined {
  const [, source] = /^\S+ \(bytes from (.+)\)$/.exec(seen) ?? [];
  return source ?? sourceOf(seen);
}

/** RFC 6761 section 6.3 (localhost), RFC 1122 section 3.2.1.3 (127/8), RFC 4291 (::1); a URL normalises addresses. */
function isLoopback(name: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(
    name,
  );
}
