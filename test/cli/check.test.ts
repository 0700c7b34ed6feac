import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../../pipeline/cli/main.ts';
import { findingsSchema } from '../../pipeline/cli/report/findings/findings-schema.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { type ReleaseOptions, writeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const good = { files: withCatalog(driverFolder('Win10/x86')) };
const bad = { files: withCatalog(driverFolder('Win10/amd64', { infFiles: ['viostor.sys', 'gone.dll'] })) };

async function check(options: ReleaseOptions, ...args: readonly string[]) {
  const { file } = await writeRelease(options);
  return pvdisc(['check', file, ...args]);
}

describe('a release', () => {
  test('that is good ends with its counts and code 0', async () => {
    const { exitCode, stdout, stderr } = await check(good);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(
      lines.filter((line) => /^0 errors, \d+ warnings?, \d+ infos?, 0 accepted/.test(line)),
    ).toHaveLength(1);
    expect(lines.at(-1)).toBe('1 of 1 driver loads on all its Windows, without Secure Boot only');
  });

  test('with an error names it once for all folders that its source file serves, and ends with code 1', async () => {
    const { exitCode, stdout } = await check(bad, 'inf/missing-file');
    expect(exitCode).toBe(1);
    const lines = stdout.split('\n').filter((line) => line.endsWith('[inf/missing-file]'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^ {2}viostor\/2k22\/amd64\/viostor\.inf:\d+ and 1 more: error: names "gone\.dll", which is not in its folder/,
      ),
    ]);
    expect(stdout.split('\n')[0]).toBe('viostor');
  });

  test('has every finding in json, for each folder', async () => {
    const { exitCode, stdout } = await check(bad, '--format', 'json');
    expect(exitCode).toBe(1);
    const { findings } = findingsSchema.parse(JSON.parse(stdout));
    expect(findings.filter(({ rule }) => rule === 'inf/missing-file').map(({ path }) => path)).toEqual([
      'viostor/2k22/amd64/viostor.inf',
      'viostor/w10/amd64/viostor.inf',
    ]);
  });

  test.each([
    ['without [Version]', /\[Version\]/, '[Other]', 'inf/bad-signature'],
    ['without CatalogFile', /CatalogFile = .*\r\n/, '', 'catalog/not-named'],
    ['with a catalog for another architecture', /CatalogFile =/, 'CatalogFile.ntx86 =', 'catalog/not-named'],
  ])(
    'with an INF %s is told the rule for it, and what the INF does not name once',
    async (_what, from, to, rule) => {
      const inf = 'Win10/amd64/viostor.inf';
      const files = withCatalog(driverFolder('Win10/amd64'));
      const broken = Buffer.from(files[inf] ?? '')
        .toString('latin1')
        .replace(from, to);
      const { exitCode, stdout, stderr } = await check({ files: { ...files, [inf]: broken } }, '--verbose');
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
      expect(stdout).toContain(`[${rule}]`);
      expect(stdout).toMatch(
        /^ {2}viostor\/2k22\/amd64\/viostor\.cat and 1 more: error: is beside viostor\.inf, which does not name it \[inf\/unnamed-file\]$/m,
      );
    },
  );

  test('is judged by its date, and told that it has none', async () => {
    const { file } = await writeRelease(good);
    const rulesAt = async (env: NodeJS.ProcessEnv) => {
      const { stdout } = await pvdisc(['check', file, '--format', 'json'], env);
      return findingsSchema.parse(JSON.parse(stdout)).findings.map(({ rule }) => rule);
    };
    expect(await rulesAt({})).toEqual(['release/undated']);
    expect(await rulesAt({ SOURCE_DATE_EPOCH: '1800000000' })).toEqual([]);
    expect(await rulesAt({ SOURCE_DATE_EPOCH: '1700000000' })).toEqual(['release/future-driver-ver']);
  });

  test('gives annotations and SARIF', async () => {
    expect((await check(bad, '--format', 'github')).stdout).toMatch(/^::error title=inf\/missing-file%3A /m);
    const { stdout } = await check(bad, '--format', 'sarif');
    expect(JSON.parse(stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'pvdisc' } } }],
    });
  });

  test('below the current folder has annotations at its files', async () => {
    const { file, folder } = await writeRelease({ files: { ...bad.files, 'Win10/amd64/new.exe': 'x' } });
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { stdout } = await pvdisc(['check', file, '--format', 'github']);
    expect(stdout.split('\n').filter((line) => line.includes('inf/unnamed-file'))).toEqual([
      '::error file=sources/drivers/Win10/amd64/new.exe,title=inf/unnamed-file::is beside viostor.inf, which does not name it',
    ]);
    const missing = stdout.split('\n').filter((line) => line.includes('inf/missing-file'));
    expect(missing).toEqual([
      expect.stringMatching(
        /^::error file=sources\/drivers\/Win10\/amd64\/viostor\.inf,line=\d+,title=inf\/missing-file::names "gone\.dll"/,
      ),
    ]);
  });

  test('that is refused has an annotation, and a SARIF document of a run that failed', async () => {
    const refused = { files: { ...good.files, 'notes.txt': 'x' } };
    const annotated = await check(refused, '--format', 'github');
    expect(annotated.exitCode).toBe(1);
    expect(annotated.stdout).toBe(
      '::error title=drivers%3A notes.txt::belongs to no driver of the manifest and is not ignored\n',
    );
    const scanned = await check(refused, '--format', 'sarif');
    expect(scanned.exitCode).toBe(1);
    expect(JSON.parse(scanned.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [],
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [
                { message: { text: expect.stringContaining('drivers: notes.txt: belongs to no driver') } },
              ],
            },
          ],
        },
      ],
    });
    expect(scanned.stderr).toContain('drivers: notes.txt: belongs to no driver');
    const told = await check(refused, '--format', 'json');
    expect(JSON.parse(told.stdout)).toMatchObject({ error: { kind: 'input' } });
  });

  test.each([
    ['a repair that mends nothing', { repair: ['line-endings'] }, 'line-endings repairs no file'],
    [
      'an acceptance that matches nothing',
      { accept: [{ rule: 'pe/wrong-machine', path: '**', reason: 'r' }] },
      'accepts pe/wrong-machine at "**"',
    ],
  ])('with %s tells its findings too', async (_what, release, told) => {
    const options = { ...bad, release };
    const { exitCode, stdout, stderr } = await check(options, '--verbose');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('[inf/missing-file]');
    expect(stderr).toContain(told);
    const { findings, problems } = findingsSchema.parse(
      JSON.parse((await check(options, '--format', 'json')).stdout),
    );
    expect(findings.map(({ rule }) => rule)).toContain('inf/missing-file');
    expect(problems?.map(({ message }) => message)).toEqual([expect.stringContaining(told)]);
    expect((await check(good, '--format', 'json')).stdout).not.toContain('"problems"');
  });

  test.each([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['no terminal', false, {}, false],
    ['a terminal of somebody who wants no colours', true, { TERM: 'xterm', NO_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a terminal that does not say what it is', true, {}, false],
  ])('is coloured as %s wants', async (_what, isTTY, env, coloured) => {
    const { file } = await writeRelease(bad);
    let stdout = '';
    const write = (text: string) => {
      stdout += text;
    };
    expect(await main(['check', file], { stdout: { isTTY, write }, stderr: { write }, env })).toBe(1);
    expect(stdout.includes('\u001b[31merror')).toBe(coloured);
  });
});

describe('--explain', () => {
  test.each(rules.map(({ id }) => id))('%s is explained without a release', async (id) => {
    const rule = rules.find((candidate) => candidate.id === id);
    expect(await pvdisc(['check', '--explain', id])).toEqual({
      exitCode: 0,
      stdout: `${id} (${rule?.severity})\n\n${rule?.explain}\n`,
      stderr: '',
    });
  });

  test('a rule that does not exist is a mistake of usage, and near ones are named', async () => {
    const { exitCode, stdout, stderr } = await pvdisc(['check', '--explain', 'inf/mising-file']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^--explain inf\/mising-file: no such rule\n {2}hint: did you mean one of these: .*inf\/missing-file/,
    );
  });

  test('one that is near none points to the list', async () => {
    const { stderr } = await pvdisc(['check', '--explain', 'zzz']);
    expect(stderr).toContain('hint: "pvdisc check --help" lists all rules');
  });
});

test('a check of nothing is a mistake of usage', async () => {
  expect(await pvdisc(['check'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      'pvdisc check: argument <release> is missing\n  hint: try pvdisc check drivers-manifest/releases/sample.yaml\n',
  });
});

test('--help names every format and rule', async () => {
  const { stdout } = await pvdisc(['check', '--help']);
  for (const word of ['text', 'json', 'github', 'sarif', '--explain', '--verbose'])
    expect(stdout).toContain(word);
  for (const { id } of rules) expect(stdout).toContain(id);
});
