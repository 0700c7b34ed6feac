import { expect, test } from 'vitest';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { quoted } from '../../pipeline/core/refusal.ts';
import { pathProblem, requireSafePath } from '../../pipeline/core/safe-path.ts';
import { place } from '../builders/source-setting.ts';

const subject = { place, name: 'a.zip' };

test.each([
  'viostor.sys',
  'Win7/x86/viostor.inf',
  'a b/c+d [1].txt',
  'grün/ä.txt',
  '.gitattributes',
  'console.txt',
  'com10.txt',
  'null/x',
  `${'n'.repeat(255)}/x`,
  Array.from({ length: 32 }, () => 'd').join('/'),
])('takes %j', (path) => {
  expect(pathProblem(path)).toBeUndefined();
});

test.each([
  ['', 'its name is empty'],
  ['a\uFFFDb', 'not valid UTF-8'],
  ['a\u0000b', 'control or formatting character'],
  ['a\nb', 'control or formatting character'],
  ['a\u007fb', 'control or formatting character'],
  ['a\u202Ecod.exe', 'control or formatting character'],
  ['..\\x', 'backslash'],
  ['/etc/passwd', 'is an absolute path'],
  ['C:/x', 'is an absolute path'],
  ['c:x', 'is an absolute path'],
  ['a/b:stream', 'which Windows does not allow'],
  ['a<b', 'which Windows does not allow'],
  ['a>b', 'which Windows does not allow'],
  ['a"b', 'which Windows does not allow'],
  ['a|b', 'which Windows does not allow'],
  ['a?b', 'which Windows does not allow'],
  ['a*b', 'which Windows does not allow'],
  ['../x', 'leads out of its folder with ..'],
  ['a/../../x', 'leads out of its folder with ..'],
  ['a/..', 'leads out of its folder with ..'],
  ['./a', 'has a . in its path'],
  ['a/./b', 'has a . in its path'],
  ['a//b', 'empty name between slashes'],
  ['a/', 'empty name between slashes'],
  [' a', 'begins with a space'],
  ['a /b', 'begins with a space, or ends with a space or dot'],
  ['a./b', 'ends with a space or dot'],
  ['a...', 'ends with a space or dot'],
  ['CON', 'name of a device'],
  ['x/nul.txt', 'name of a device'],
  ['prn.tar.gz', 'name of a device'],
  ['aux .txt', 'name of a device'],
  ['Com1', 'name of a device'],
  ['lpt9.sys/x', 'name of a device'],
  ['COM¹', 'name of a device'],
  ['n'.repeat(256), 'name longer than 255 bytes'],
  ['ä'.repeat(128), 'name longer than 255 bytes'],
  ['CONIN$', 'name of a device'],
  ['a/conout$.txt', 'name of a device'],
  ['com0', 'name of a device'],
])('refuses %j', (path, problem) => {
  expect(pathProblem(path)).toContain(problem);
});

test('the error names place, source, entry and reason', () => {
  expect(() => requireSafePath('../x', subject, defaultLimits)).toThrow(
    `${place}: a.zip: entry "../x": leads out of its folder with ..`,
  );
});

test.each([
  [
    Array.from({ length: 5 }, () => 'n'.repeat(250)).join('/'),
    'pathLength',
    'path is longer than 1024 bytes',
  ],
  [Array.from({ length: 33 }, () => 'd').join('/'), 'depth', 'is deeper than 32 folders'],
])('a path beyond a limit is refused, and the hint says which limit: %j', (path, limit, message) => {
  const raised = { ...defaultLimits, depth: 33, pathLength: 2000 };
  expect(() => requireSafePath(path, subject, raised)).not.toThrow();
  expect(() => requireSafePath(path, subject, defaultLimits)).toThrow(message);
  expect(() => requireSafePath(path, subject, defaultLimits)).toThrow(
    `raise "${limit}" under "limits" of its source in the release`,
  );
});

test('a name from outside cannot write to the terminal', () => {
  expect(quoted('a\u001b[31m\u009b\u202e\u2028"b')).toBe('"a\\u001b[31m\\u{9b}\\u{202e}\\u{2028}\\"b"');
  expect(quoted('n'.repeat(5000)).length).toBeLessThan(310);
});
