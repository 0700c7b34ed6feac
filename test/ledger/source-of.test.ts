import { expect, test } from 'vitest';
import { onDisk, seenWords, sourceOf, sourceSeen } from '../../pipeline/ledger/source-of.ts';

test.each([
  ['https://example.org/a.iso', 'example.org'],
  ['http://EXAMPLE.org.:8080/b.iso?x', 'example.org'],
  ['http://127.0.0.1:8098/a.iso', 'localhost'],
  ['http://127.1/a.iso', 'localhost'],
  ['http://0x7f000002/a.iso', 'localhost'],
  ['http://localhost:1/a.iso', 'localhost'],
  ['http://mirror.localhost./a.iso', 'localhost'],
  ['http://[::1]/a.iso', 'localhost'],
  ['http://[0:0:0:0:0:ffff:127.0.0.1]/a.iso', 'localhost'],
  ['http://0.0.0.0/a.iso', 'localhost'],
  ['http://127.0.0.1.example.org/a.iso', '127.0.0.1.example.org'],
  ['http://128.0.0.1/a.iso', '128.0.0.1'],
  ['file:///srv/a/x.iso', onDisk],
  ['nixpkgs', undefined],
  ['AUR: virtio-win', undefined],
])('%s is of %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

test('who gave the bytes is read back from the words of the ledger', () => {
  const url = 'https://two.example/x.iso';
  expect(seenWords(url, 'two.example')).toBe(url);
  expect(seenWords(url, 'one.example')).toBe(`${url} (bytes from one.example)`);
  for (const source of ['two.example', 'one.example'])
    expect(sourceSeen(seenWords(url, source))).toBe(source);
  expect(sourceSeen('KubeVirt WORKSPACE')).toBeUndefined();
});
