/**
 * Returns who vouches for the bytes of an address: the name of its host, or `onDisk`, since nothing tells where a file on disk
 * came from. All names of this machine are one host; two names of another cannot be told from two hosts.
 */
export function sourceOf(address: string): string | undefined {
  if (!/^(?:https?|file):\/\//.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'file:') return onDisk;
  const name = hostname.replace(/\.$/, '');
  return isLoopback(name) ? 'localhost' : name;
}

/** The source of all files on disk: it confirms no other. */
export const onDisk = 'file:';

/** Words where a disc was seen: its address, and who gave the bytes where that is another one (a redirect). */
export function seenWords(url: string, source: string): string {
  return sourceOf(url) === source ? url : `${url} (bytes from ${source})`;
}

/** Returns who gave the bytes by the words of `seenWords`; undefined for other words, such as the name of a package. */
export function sourceSeen(seen: string): string | undefined {
  const [, source] = /^\S+ \(bytes from (.+)\)$/.exec(seen) ?? [];
  return source ?? sourceOf(seen);
}

/** RFC 6761 section 6.3 (localhost), RFC 1122 section 3.2.1.3 (127/8), RFC 4291 (::1); a URL has addresses in one form only. */
function isLoopback(name: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(
    name,
  );
}
