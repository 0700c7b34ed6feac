import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { PipelineError } from '../../errors.ts';
import type { FetchSettings } from './settings.ts';

/**
 * Runs work with connections of its own, which go through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name;
 * plain http goes through a proxy as a request, not as a tunnel, which proxies refuse for port 80.
 */
export async function withAgent<Result>(
  { connectTimeout }: FetchSettings,
  work: (agent: Dispatcher) => Promise<Result>,
): Promise<Result> {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) requireProxyUrl(name);
  const timeout = { timeout: connectTimeout };
  const agent = new EnvHttpProxyAgent({
    proxyTunnel: false,
    connect: timeout,
    proxyTls: timeout,
    requestTls: timeout,
  });
  try {
    return await work(agent);
  } finally {
    await agent.destroy();
  }
}

/** The value may hold a password, so that no error shows it. */
function requireProxyUrl(name: string): void {
  const value = process.env[name] ?? '';
  if (value === '') return;
  if (/^(?:https?|socks5):\/\//i.test(value) && URL.canParse(value)) return;
  throw new PipelineError('usage', {
    place: name,
    message: 'is not the address of a proxy',
    hint: 'such as http://proxy.example.org:3128, or unset it',
  });
}
