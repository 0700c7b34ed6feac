import { expect, test } from 'vitest';
import { infVerifCodes, infVerifModes, levelOf } from '../../pipeline/validate/infverif/codes.ts';
import { infVerifRules } from '../../pipeline/validate/infverif/rules.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { pvdisc } from '../builders/command.ts';
import { writeRelease } from '../builders/release.ts';
import { changedFolder } from '../validate/rules/changed-inf.ts';

const files = changedFolder(
  'Win10/x86',
  ['viostor.sys = 1,,\r\n', ''],
  ['DefaultDestDir = 12\r\nviostor_Files = 12', 'DefaultDestDir = 16422'],
  ['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files\r\nDelFiles = viostor_Files'],
);
const inf = 'viostor/w10/x86/viostor.inf';

async function numbers(mode: string) {
  const { file } = await writeRelease({ files });
  const { exitCode, stdout } = await pvdisc(['check', file, `--infverif=${mode}`]);
  const found = stdout.split('\n').flatMap((line) => /^(error|warning)\((\d+)\) /.exec(line)?.[0] ?? []);
  return { exitCode, found: found.map((text) => text.trim()), stdout };
}

test('check --infverif=u prints the errors of the mode, then its warnings, and ends with code 1', async () => {
  const { exitCode, found, stdout } = await numbers('u');
  expect(exitCode).toBe(1);
  expect(found).toEqual(['error(1230)', 'error(1301)', 'error(1306)', 'warning(1322)']);
  expect(stdout).toContain('InfVerif /u (universal driver): 3 errors, 1 warning\n');
  expect(stdout).toContain(
    `error(1230) ${inf}:31: copies "viostor.sys", which [SourceDisksFiles] does not list [inf/unlisted-file]\n`,
  );
  expect(stdout).toContain(`warning(1322) ${inf}:31: copies "viostor.sys" to 16422, not to the driver store`);
  expect(stdout).toMatch(/\nNot checked: 1005, 1205, /);
});

test('each mode has its own errors', async () => {
  expect((await numbers('k')).found).toEqual([
    'error(1230)',
    'warning(1301)',
    'warning(1306)',
    'warning(1322)',
  ]);
  expect((await numbers('w')).found).toEqual(['error(1230)', 'error(1301)', 'error(1306)', 'error(1322)']);
});

test('inspect --infverif prints the same without an exit code, and other runs none of its rules', async () => {
  const { folder } = await writeRelease({ files });
  const { exitCode, stdout } = await pvdisc(['inspect', `${folder}/sources/drivers`, '--infverif=w']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^InfVerif \/w \(Windows Driver\): 4 errors, 0 warnings\n/);
  const { stdout: plain } = await pvdisc(['inspect', `${folder}/sources/drivers`]);
  expect(plain).not.toContain('infverif/');
});

test('every number has rules that exist, and a level in every mode', () => {
  const known = new Set<string>([...rules, ...infVerifRules].map(({ id }) => id));
  expect(infVerifCodes.flatMap(({ rules: named }) => named.filter((id) => !known.has(id)))).toEqual([]);
  const codes = infVerifCodes.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  for (const mode of Object.keys(infVerifModes)) expect(['h', 'w', 'u', 'k']).toContain(mode);
  expect([1003, 1199, 1301, 1322, 1324, 1330, 2083].map((code) => levelOf(code, 'h'))).toEqual([
    'error',
    'error',
    'warning',
    'warning',
    'warning',
    'error',
    'warning',
  ]);
});

test('an undecorated [DefaultInstall] has number 1421', async () => {
  const { file } = await writeRelease({
    files: changedFolder('Win10/x86', ['', '[DefaultInstall]\r\nCopyFiles = viostor_Files\r\n']),
  });
  const { stdout } = await pvdisc(['check', file, '--infverif', 'u']);
  expect(stdout).toContain(`error(1421) ${inf}:48: [DefaultInstall] has no architecture`);
});
