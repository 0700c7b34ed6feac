import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { debChangelog, debMetadata } from './deb.ts';
import { sha256Of } from './ledger.ts';
import { makeRelease, type ReleaseOptions, type TestRelease, type Values, writeRelease } from './release.ts';
import { upstreamVersion } from './upstream-disc.ts';

/** Deviations of a test's ledger entry; `absent` lists missing keys. */
export interface PassthroughOptions {
  readonly entry?: Values;
  readonly absent?: readonly string[];
  readonly release?: Values;
}

/** Writes a passthrough release with its ledger and Debian metadata; the disc is beside it as `disc.iso`, as in the ledger. */
export async function writePassthrough(disc: Buffer, options: PassthroughOptions = {}) {
  const written = await writeRelease(passthroughRelease(disc, options));
  await writeFile(join(written.folder, 'disc.iso'), disc);
  return written;
}

/** Like `writePassthrough`, but also reads the release, with the disc beside it as source. */
export async function makePassthrough(disc: Buffer, options: PassthroughOptions = {}): Promise<TestRelease> {
  const release = await makeRelease(passthroughRelease(disc, options));
  const file = join(release.folder, 'disc.iso');
  await writeFile(file, disc);
  return { ...release, context: { ...release.context, overrides: new Map([['disc', file]]) } };
}

function passthroughRelease(
  disc: Buffer,
  { entry = {}, absent = [], release = {} }: PassthroughOptions,
): ReleaseOptions {
  const known: Values = {
    release: `${upstreamVersion}-1`,
    url: 'https://example.invalid/virtio-win.iso',
    sha256: sha256Of(disc),
    size: disc.length,
    confidence: 'confirmed',
    seen: ['one recipe', 'another recipe'],
    ...entry,
  };
  const kept = Object.fromEntries(Object.entries(known).filter(([key]) => !absent.includes(key)));
  const { control, copyright, changelog } = debMetadata('1-1');
  return {
    texts: {
      'ledger.yaml': stringify({ releases: [kept] }),
      'debian/control': control.replace('Package: pvdisc-sample', 'Package: test-disc'),
      'debian/copyright': copyright,
      'debian/changelog': changelog,
      'debian/test-disc.changelog': debChangelog('test-disc', `${upstreamVersion}-1`),
    },
    release: {
      version: upstreamVersion,
      sources: undefined,
      passthrough: { release: `${upstreamVersion}-1` },
      package: { name: 'test-disc', metadata: 'debian' },
      ...release,
    },
  };
}
