import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { arArchive, arMember, listArMembers } from '../../../pipeline/formats/deb/ar.ts';
import { withRandomAccess } from '../../../pipeline/formats/random-access.ts';

const subject = { place: 'inspect', name: 'x.deb' };

const membersOf = (bytes: Buffer) => withRandomAccess(bytes, (archive) => listArMembers(archive, subject));

const archive = (...names: readonly string[]) =>
  buffer(
    arArchive(
      names.map((name) => arMember(name, Buffer.from(name))),
      0,
    ),
  );

test('members are found by their headers, those of odd size too', async () => {
  expect(await membersOf(await archive('abc', 'debian-binary', 'xy'))).toEqual([
    { name: 'abc', offset: 68, size: 3 },
    { name: 'debian-binary', offset: 132, size: 13 },
    { name: 'xy', offset: 206, size: 2 },
  ]);
});

test('the slash that GNU ar ends a name with is no part of it', async () => {
  expect(await membersOf(await archive('data.tar/'))).toMatchObject([{ name: 'data.tar' }]);
});

test.each([
  ['cut inside a member', (bytes: Buffer) => bytes.subarray(0, -3), 'x.deb: ends within its member "data"'],
  ['cut inside a header', (bytes: Buffer) => bytes.subarray(0, 40), 'x.deb: has no member header at byte 8'],
  [
    'with text instead of a size',
    (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('4         `', '-4        `'), 'latin1'),
    'x.deb: has no member header at byte 8',
  ],
  [
    'with a member larger than the file',
    (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('4         `', '9999999999`'), 'latin1'),
    'x.deb: ends within its member "data"',
  ],
])('an archive %s is damaged', async (_what, damage, message) => {
  const rejected = expect(membersOf(damage(await archive('data'))));
  await rejected.rejects.toMatchObject({
    kind: 'input',
    problems: [{ place: 'inspect', message, hint: expect.any(String) }],
  });
});

test('an archive of more than 16 members is refused', async () => {
  const names = Array.from({ length: 17 }, (_, index) => `m${index}`);
  await expect(membersOf(await archive(...names))).rejects.toThrow('has more than 16 members');
});
