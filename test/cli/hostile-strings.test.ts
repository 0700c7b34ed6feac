import { expect, test } from 'vitest';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { writeRelease } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';

/** Terminal escape sequences in both forms, a bell, right-to-left text, and a workflow command of GitHub. */
const name = '\x1b[31mRED\x9b31m\x07\u202egnp.exe\u2066\u0085';
const hostile = `${name} ::error file=x::pwned`;

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** Characters that move the cursor or change the text direction, except line feeds and tabs. */
const control = /[^\n\t\P{Cc}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** The characters that JSON must escape (RFC 8259 section 7). */
const lowControl = /[^\n\t\P{Cc}\u007f-\u009f]/u;

/** Builds a release with the text in all INF values and names that findings quote. */
function hostileBuild(): Tree {
  const inf = (text: string) =>
    text
      .replace(/^(Provider|Class|ClassGUID|DriverVer|PnpLockdown)\s*=.*$/gim, `$1 = ${hostile}`)
      .replace(/^(.*), PCI\\.*$/gm, `$1, PCI\\${hostile}`);
  const tree = driverFolder('Win10/amd64', { infFiles: ['viostor.sys', `${name}.dll`] });
  const changed = Object.entries(tree).map(([path, content]) => [
    path,
    path.endsWith('.inf') ? utf16(inf(Buffer.from(content).toString())) : content,
  ]);
  return withCatalog(Object.fromEntries(changed));
}

test.each([
  ['text', control],
  ['github', control],
  ['json', lowControl],
  ['sarif', lowControl],
] as const)('check --format %s prints no control character of an INF as it is', async (format, unwanted) => {
  const { file } = await writeRelease({ files: hostileBuild() });
  const { exitCode, stdout, stderr } = await pvdisc(['check', file, '--format', format, '--verbose']);
  expect(exitCode).toBe(1);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('gnp.exe');
  expect(stdout).not.toMatch(unwanted);
  expect(stderr).not.toMatch(control);
  expect(stdout).not.toMatch(/^::error file=x::pwned/m);
});
