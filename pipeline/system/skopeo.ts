import { PipelineError } from '../core/errors.ts';
import { sha256Of } from '../formats/sums.ts';
import { run } from './exec.ts';
import { skopeo } from './tools.ts';

/** Copies an image with all its platforms, byte by byte; both names are as skopeo(1) takes them, such as `docker://REGISTRY/REPOSITORY:TAG`. */
export async function copyImage(from: string, to: string, signal: AbortSignal): Promise<void> {
  const args = [
    '--insecure-policy',
    'copy',
    '--quiet',
    ...['--all', '--preserve-digests', '--retry-times=2'],
    ...(isLocal(from) ? ['--src-tls-verify=false'] : []),
    ...(isLocal(to) ? ['--dest-tls-verify=false'] : []),
  ];
  await runSkopeo([...args, from, to], isRemote(from) ? from : to, signal);
}

/** Returns the digest of an image; undefined if it is not there. */
export async function imageDigest(image: string, signal: AbortSignal): Promise<string | undefined> {
  const args = ['inspect', '--raw', '--retry-times=2', ...(isLocal(image) ? ['--tls-verify=false'] : [])];
  try {
    return `sha256:${sha256Of(await runSkopeo([...args, image], image, signal))}`;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const isRemote = (image: string) => image.startsWith('docker://');

/** A registry on this machine needs no TLS, as with other clients. */
function isLocal(image: string): boolean {
  return /^docker:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/.test(image);
}

/** What skopeo says of a missing tag, repository or layout. */
function isAbsent(error: unknown): boolean {
  const said =
    /manifest unknown|name unknown|repository name not known|no descriptor found for reference|index\.json: no such file/i;
  return error instanceof PipelineError && error.kind === 'input' && said.test(error.message);
}

async function runSkopeo(args: readonly string[], image: string, signal: AbortSignal): Promise<string> {
  try {
    return (await run(skopeo, args, { signal })).stdout;
  } catch (error) {
    throw registryError(error, image.replace(/^docker:\/\//, ''));
  }
}

function registryError(error: unknown, place: string): unknown {
  if (!(error instanceof PipelineError) || error.kind !== 'input') return error;
  const fact = [...error.message.matchAll(/msg="(.*)"\s*$/gm)].at(-1)?.[1] ?? ''; // the earlier ones are its retries
  const message = (fact === '' ? error.message : fact).replaceAll('\\"', '"').replaceAll('\\n', '\n');
  const [, file] = /(?:open|stat|mkdir) (\/\S*auth\.json\S*): permission denied/.exec(message) ?? [];
  if (file !== undefined)
    return new PipelineError('input', {
      place,
      message,
      hint: `make ${file} accessible, or name another file of credentials in REGISTRY_AUTH_FILE`,
    });
  const isRefused = /unauthorized|denied|forbidden|authentication required/i.test(message);
  const isNetwork =
    /dial tcp|no such host|connection re(?:fused|set)|timeout|TLS|x509|EOF|pinging container registry/.test(
      message,
    );
  if (!isRefused && !isNetwork) return error;
  return new PipelineError(isRefused ? 'input' : 'network', {
    place,
    message,
    hint: isRefused
      ? `log in first: skopeo login ${place.split('/')[0]}`
      : 'check the address of the registry, and try again later',
  });
}
