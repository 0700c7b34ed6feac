import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildRpms, makeRpm, type TestRpm } from '../builders/rpm.ts';
import { badPlaces, verified } from './copied-release.ts';

const file = 'usr/share/virtio-win/x';
const install = 'mkdir -p usr/share/virtio-win; echo x >usr/share/virtio-win/x';
const plain = { name: 'x', install, files: `/${file}` };

describe.skipIf(lacksTool('rpmbuild', 'zstd'))('an RPM package alone', () => {
  let sample: string;

  beforeAll(async () => {
    const [disc] = await buildRpms(await mkdtemp(join(inject('runFolder'), 'rpm-verify-')));
    sample = disc?.content.file ?? '';
  });

  test('is good as pvdisc built it; what only a signature proves is named', async () => {
    const { kind, good, checks } = await verified(sample);
    expect({ kind, good }).toEqual({ kind: 'rpm', good: true });
    expect(checks.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual([
      expect.stringMatching(/^good: digests, owners and modes .*; \d+ files checked against the header/),
      expect.stringMatching(/^not-judged: its header and its scripts \(posttrans, postun, preun\), and/),
    ]);
  });

  test('with a changed byte in header or payload is bad', async () => {
    const bytes = await readFile(sample);
    for (const at of [bytes.indexOf('pvdisc-sample-0.1.0.iso'), bytes.length - 9]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      const copy = join(await temporaryFolder('pvdisc-rpm-'), 'x.rpm');
      await writeFile(copy, changed);
      expect((await verified(copy)).good).toBe(false);
    }
  });

  test.each<[string, Partial<TestRpm>, string, RegExp]>([
    ['a command that is setuid', { files: `%attr(4755, root, root) /${file}` }, `/${file}`, /mode 104755/],
    [
      'another owner',
      { files: `%attr(0644, daemon, root) /${file}` },
      `/${file}`,
      /belongs to "daemon:root"/,
    ],
    [
      'a file elsewhere',
      { install: 'mkdir etc; echo x >etc/x', files: '/etc/x' },
      '/etc/x',
      /is outside usr\/share/,
    ],
    [
      'a link',
      { install: `mkdir -p usr/share; ln -s /etc usr/share/x`, files: '/usr/share/x' },
      '',
      /symbolic link/,
    ],
    [
      'a ghost of its own',
      { install: 'mkdir etc; echo >etc/x', files: '%ghost /etc/x' },
      '/etc/x',
      /is a ghost/,
    ],
    ['another script', { sections: '%pre\necho x' }, '', /has the script %pre,/],
    ['a trigger', { sections: '%triggerin -- bash\necho x' }, '', /has the script %trigger,/],
    ['an epoch', { tags: 'Epoch: 1' }, '', /has the epoch 1/],
    [
      'a disc without its record',
      { install: install.replaceAll('/x', '/x.iso'), files: `/${file}.iso` },
      '/x.iso',
      /no \.disc/,
    ],
  ])('with %s is bad', async (_, change, place, message) => {
    const path = await makeRpm(await temporaryFolder('pvdisc-rpm-'), { ...plain, ...change });
    const result = await verified(path);
    expect(badPlaces(result)).toEqual([`x-1.0-1.noarch.rpm${place}`]);
    expect(result.checks.find(({ verdict }) => verdict === 'bad')?.message).toMatch(message);
  });

  test('is opened by inspect as a disc or as unpacked drivers', async () => {
    const inf =
      '[Version]\nSignature="$Windows NT$"\nClass=System\nClassGuid={4D36E97D-E325-11CE-BFC1-08002BE10318}\n';
    const folder = 'usr/share/virtio-win/drivers/by-driver/x/w10/amd64';
    const path = await makeRpm(await temporaryFolder('pvdisc-rpm-'), {
      name: 'x',
      install: `mkdir -p ${folder}; cat >${folder}/x.inf <<'END'\n${inf}END\nln ${folder}/x.inf ${folder}/y.inf`,
      files: '/usr/share/virtio-win',
    });
    const { stdout } = await pvdisc(['inspect', path, '--format', 'json']);
    const { files } = JSON.parse(stdout);
    expect(files.map((found: { path: string }) => found.path)).toEqual([
      'x/w10/amd64/x.inf',
      'x/w10/amd64/y.inf',
    ]);
  });
});
