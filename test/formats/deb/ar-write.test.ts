import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type ArMember, arArchive, arMember } from '../../../pipeline/formats/deb/ar.ts';
import { temporaryFolder } from '../../builders/release.ts';

async function archive(members: readonly ArMember[], epoch = 1795176000): Promise<string> {
  return (await buffer(arArchive(members, epoch))).toString('latin1');
}

test('members stand in their order under fixed columns; those of odd size are padded', async () => {
  const chunks = [Buffer.from('a'), Buffer.from('bc')];
  expect(
    await archive([
      arMember('debian-binary', Buffer.from('2.0\n')),
      { name: 'data.tar.zst', size: 3, chunks },
    ]),
  ).toBe(
    '!<arch>\n' +
      'debian-binary   1795176000  0     0     100644  4         `\n2.0\n' +
      'data.tar.zst    1795176000  0     0     100644  3         `\nabc\n',
  );
});

test('a member that has more bytes than the format can say is refused', async () => {
  await expect(archive([{ name: 'data.tar.xz', size: 10_000_000_000, chunks: [] }])).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringContaining(
      'data.tar.xz: has 10000000000 bytes, but a member of a Debian package may have at most 9999999999',
    ),
  });
});

test('a member that is not there is told by its path', async () => {
  const file = join(await temporaryFolder('pvdisc-ar-'), 'gone');
  const chunks = (async function* () {
    yield* createReadStream(file);
  })();
  await expect(archive([{ name: 'data.tar.xz', size: 1, chunks }])).rejects.toMatchObject({
    code: 'ENOENT',
    path: file,
  });
});
