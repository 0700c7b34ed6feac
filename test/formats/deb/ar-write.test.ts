import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type ArMember, arArchive } from '../../../pipeline/formats/deb/ar.ts';
import { temporaryFolder, writeText } from '../../builders/release.ts';

async function archive(members: readonly ArMember[], epoch = 1795176000): Promise<string> {
  return (await buffer(arArchive(members, epoch))).toString('latin1');
}

test('members stand in their order under fixed columns; those of odd size are padded', async () => {
  const folder = await temporaryFolder('pvdisc-ar-');
  const file = await writeText(folder, 'data', 'abc');
  expect(
    await archive([
      { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
      { name: 'data.tar.zst', file },
    ]),
  ).toBe(
    '!<arch>\n' +
      'debian-binary   1795176000  0     0     100644  4         `\n2.0\n' +
      'data.tar.zst    1795176000  0     0     100644  3         `\nabc\n',
  );
});

test('a member that has more bytes than the format can say is refused', async () => {
  const file = await writeText(await temporaryFolder('pvdisc-ar-'), 'data.tar.xz', '');
  await truncate(file, 10_000_000_000);
  await expect(archive([{ name: 'data.tar.xz', file }])).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringContaining(
      'data.tar.xz: has 10000000000 bytes, a member of a Debian package may have 9999999999',
    ),
  });
});

test('a member that is not there is told by its path', async () => {
  const file = join(await temporaryFolder('pvdisc-ar-'), 'gone');
  await expect(archive([{ name: 'data.tar.xz', file }])).rejects.toMatchObject({
    code: 'ENOENT',
    path: file,
  });
});
