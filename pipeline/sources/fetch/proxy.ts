import { getProxyForUrl } from 'proxy-from-env';
import { PipelineError } from '../../core/errors.ts';

/** A proxy to go through. */
export interface WebProxy {
  readonly url: URL;
  /** Host and port, without the password that its address may hold. */
  readonly shown: string;
  /** The header that its password asks for, if it has one (RFC 7617). */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the proxy that HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names for an address, unless NO_PROXY excepts it; throws where one of them is no address of a proxy. */
export function proxyFor(address: URL): WebProxy | undefined {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
    requireProxyUrl(name, process.env[name] ?? '');
  }
  const value = getProxyForUrl(address.href);
  if (value === '') return undefined;
  requireProxyUrl('ALL_PROXY', value);
  const url = new URL(value);
  const isBare = url.username === '' && url.password === '';
  const password = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const basic = `Basic ${Buffer.from(password).toString('base64')}`;
  return { url, shown: url.host, headers: isBare ? {} : { 'proxy-authorization': basic } };
}

/** Where to look when a proxy is the trouble. */
export const proxyHint = 'check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY';

/** The value may hold a password, so that no error shows it. */
function requireProxyUrl(name: string, value: string): void {
  if (value === '' || (/^https?:\/\//i.test(value) && URL.canParse(value) && canDecode(value))) return;
  throw new PipelineError('usage', {
    place: name,
    message: 'is not the address of a proxy',
    hint: 'such as http://proxy.example.org:3128 (http or https), or unset it',
  });
}

function canDecode(value: string): boolean {
  try {
    return decodeURIComponent(new URL(value).username + new URL(value).password) !== undefined;
  } catch {
    return false;
  }
}
