import { expect, test } from 'vitest';
import { archive } from '../../pipeline/sources/archive/archive.ts';
import { git } from '../../pipeline/sources/git/git.ts';
import { http } from '../../pipeline/sources/http.ts';
import { iso } from '../../pipeline/sources/iso.ts';

const sha256 = 'a'.repeat(64);
const commit = 'b'.repeat(40);
const url = 'https://example.invalid/x.zip';

test.each([
  [archive.schema, { type: 'archive', path: '' }, /Too small/],
  [archive.schema, { type: 'archive', path: 'x', sha256: 'AB' }, /must be 64 lower-case hexadecimal digits/],
  [archive.schema, { type: 'archive', path: 'x', folder: '../y' }, /leads out of its folder with \.\./],
  [archive.schema, { type: 'archive', path: 'x', folder: 'y/' }, /without a slash at its end/],
  [http.schema, { type: 'http', url, size: 1 }, /sha256/],
  [http.schema, { type: 'http', url, sha256 }, /size/],
  [http.schema, { type: 'http', url, sha256, size: 0 }, /size/],
  [http.schema, { type: 'http', url: 'ftp://x/y', sha256, size: 1 }, /must begin with https:\/\/, http:\/\//],
  [http.schema, { type: 'http', url: 'http://[', sha256, size: 1 }, /must be a URL/],
  [http.schema, { type: 'http', url, mirrors: ['x'], sha256, size: 1 }, /must begin with https/],
  [http.schema, { type: 'http', url: 'https://a:b@x/y', sha256, size: 1 }, /must not hold a password/],
  [git.schema, { type: 'git', url: 'ssh://-oProxyCommand=x/y', commit }, /host that begins with -/],
  [git.schema, { type: 'git', url: 'ssh://me@-oProxyCommand=x/y', commit }, /host that begins with -/],
  [git.schema, { type: 'git', url: 'ext::sh -c id', commit }, /must begin with https:\/\//],
  [git.schema, { type: 'git', url: '--upload-pack=id', commit }, /must begin with https:\/\//],
  [git.schema, { type: 'git', url, commit: 'main' }, /must be the full id of a commit/],
  [git.schema, { type: 'git', url, commit: 'b'.repeat(39) }, /must be the full id of a commit/],
])('the schema refuses %#: %j', (schema, spec, message) => {
  expect(schema.safeParse(spec).error?.message).toMatch(message);
});

test('what pins a source goes into the record, without a path of this machine', () => {
  expect(archive.pin({ type: 'archive', path: '/home/me/x.zip', sha256 })).toEqual({ sha256 });
  expect(archive.pin({ type: 'archive', path: '/home/me/x.zip' })).toEqual({});
  expect(iso.pin({ type: 'iso', path: '/home/me/x.iso', sha256 })).toEqual({ sha256 });
  expect(iso.pin({ type: 'iso', path: '/home/me/x.iso' })).toEqual({});
  expect(http.pin({ type: 'http', url, sha256, size: 7, folder: 'a' })).toEqual({ url, sha256, size: '7' });
  expect(git.pin({ type: 'git', url, commit, folder: 'a/b', listing: 'l' })).toEqual({
    url,
    commit,
    folder: 'a/b',
  });
  expect(git.pin({ type: 'git', url, commit })).toEqual({ url, commit });
});
