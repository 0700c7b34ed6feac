import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resultJson, resultText } from '../../../pipeline/cli/report/build-result.ts';
import type { BuiltRelease } from '../../../pipeline/model/release.ts';

const sha256 = 'ab'.repeat(32);
const attach = '  sudo virtio-win attach GUEST';

const plain = { targets: [], colour: false };

const release: BuiltRelease = {
  files: ['disc.iso', 'disc_1_all.deb', 'record.json'],
  record: {
    schemaVersion: 1,
    name: 'disc',
    version: '1',
    title: 'Test drivers',
    kind: 'assembled',
    profile: 'full',
    date: '2026-01-02T03:04:05.000Z',
    policy: { allow: {}, refuse: {} },
    repairs: [],
    sources: [],
    drivers: [],
    findings: [],
    tools: [],
    parameters: { compression: 'zstd', release: { name: 'release.yaml', sha256: 'ab'.repeat(32) } },
    iso: { name: 'disc.iso', label: 'DISC', sha256, size: 1, files: [] },
    artifacts: [{ format: 'deb', name: 'disc_1_all.deb', sha256, size: 1 }],
  },
};

test('below the current folder the paths begin with ./, so that apt takes a file', () => {
  expect(resultText(join(process.cwd(), 'dist/disc-1'), release, plain)).toBe(`
Test drivers: built.
  ISO   ./dist/disc-1/disc.iso
  deb   ./dist/disc-1/disc_1_all.deb

Next, on the host that runs the guests:
  sudo apt install ./dist/disc-1/disc_1_all.deb
${attach}
`);
});

test('elsewhere the paths are absolute', () => {
  expect(resultText('/srv/out/disc-1', release, plain)).toBe(`
Test drivers: built.
  ISO   /srv/out/disc-1/disc.iso
  deb   /srv/out/disc-1/disc_1_all.deb

Next, on the host that runs the guests:
  sudo apt install /srv/out/disc-1/disc_1_all.deb
${attach}
`);
});

test.each([
  ['/srv/my out', "'/srv/my out/disc_1_all.deb'"],
  ["/srv/it's", "'/srv/it'\\''s/disc_1_all.deb'"],
  ['/srv/$HOME', "'/srv/$HOME/disc_1_all.deb'"],
  ['/srv/a~b+c', "'/srv/a~b+c/disc_1_all.deb'"],
  ['/srv/a+b', '/srv/a+b/disc_1_all.deb'],
])('in the folder %s the path to install is quoted as a shell needs it', (folder, word) => {
  const lines = resultText(folder, release, plain).split('\n');
  expect(lines).toContain(`  deb   ${folder}/disc_1_all.deb`);
  expect(lines).toContain(`  sudo apt install ${word}`);
});

test('all that was made is listed, and the package of the disc is the one to install', () => {
  const { record } = release;
  const symbols = { name: 'disc-symbols.iso', label: 'DISC-pdb', sha256, size: 1, files: [] };
  const names = ['disc_1_all.deb', 'disc-symbols_1_all.deb', 'disc-drivers_1_all.deb'];
  const artifacts = names.map((name) => ({ format: 'deb', name, sha256, size: 1 }));
  expect(resultText('/srv/disc-1', { ...release, record: { ...record, symbols, artifacts } }, plain)).toBe(`
Test drivers: built.
  ISO   /srv/disc-1/disc.iso
  ISO   /srv/disc-1/disc-symbols.iso
  deb   /srv/disc-1/disc_1_all.deb
  deb   /srv/disc-1/disc-symbols_1_all.deb
  deb   /srv/disc-1/disc-drivers_1_all.deb

Next, on the host that runs the guests:
  sudo apt install /srv/disc-1/disc_1_all.deb
${attach}
`);
});

test('a folder whose name begins with two dots is still below the current folder', () => {
  expect(resultText(join(process.cwd(), '..out'), release, plain)).toContain('  ISO   ./..out/disc.iso\n');
});

test('as JSON the folder, the files and the record are one document', () => {
  const text = resultJson('/srv/out/disc-1', release, []);
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ folder: '/srv/out/disc-1', loads: { drivers: 0 }, ...release });
});

test('warnings and drivers that do not load are told before the next commands', () => {
  const verdict = { integrity: 'none' as const, uncovered: [], trust: 'unsigned' as const };
  const target = { os: 'w11', arch: 'amd64' };
  const inf = 'viostor/w11/amd64/viostor.inf';
  const signature = 'unsigned' as const;
  const drivers = [{ driver: 'viostor', target, inf, signature, verdict, loads: 'never' as const }];
  const finding = { severity: 'warning' as const, path: inf, line: 3, message: 'm' };
  const findings = [
    { ...finding, rule: 'inf/no-pnp-lockdown' },
    { ...finding, rule: 'inf/no-models', severity: 'error' as const, accepted: 'r' },
  ];
  const record = { ...release.record, drivers, findings };
  expect(
    resultText('/srv/disc-1', { ...release, record }, plain)
      .split('\n')
      .slice(0, 11),
  ).toEqual([
    '',
    'severity  count  rule                 drivers  Windows  first place',
    'warning       1  inf/no-pnp-lockdown  viostor  w11      viostor/w11/amd64/viostor.inf:3',
    '',
    'Each place: pvdisc check RELEASE RULE; meaning: pvdisc check --explain RULE',
    '',
    'Test drivers: built.',
    '  ISO   /srv/disc-1/disc.iso',
    '  deb   /srv/disc-1/disc_1_all.deb',
    '',
    '1 of 1 driver loads on no Windows: unsigned',
  ]);
});

test('the summary keeps to the height of the screen: first without the matrix, then with fewer findings', () => {
  const os = ['w7', 'w8', 'w10', 'w11'];
  const drivers = os.map((os) => packageOf(`driver-${os}`, os));
  const findings = Array.from({ length: 12 }, (_, at) => finding(`inf/rule-${at}`));
  const built = { ...release, record: { ...release.record, drivers, findings } };
  const linesAt = (rows: number) =>
    resultText('/srv/out/disc-1', built, { ...plain, columns: 80, rows })
      .trimEnd()
      .split('\n');
  const all = linesAt(100);
  expect(all.filter((line) => line.startsWith('warning'))).toHaveLength(12);
  expect(all).toContain('driver-w7  .   .   A  .');
  const smallest = 24; // with three rules, and no matrix
  for (let rows = smallest; rows < all.length + 2; rows++) expect(linesAt(rows).length).toBeLessThan(rows);
  expect(linesAt(smallest).filter((line) => line.startsWith('Drivers by'))).toEqual([]);
  expect(linesAt(smallest)).toContain('Matrix left out: pvdisc report /srv/out/disc-1 --format text');
  expect(linesAt(smallest).filter((line) => line.startsWith('warning')).length).toBeGreaterThanOrEqual(3);
  expect(linesAt(smallest).join('\n')).toMatch(
    /\n\d+ more rules: report\.html has all rules, release\.json all places\n/,
  );

  const lost = ['a on Windows 7 (amd64): gone', 'b on Windows 7 (amd64): gone'];
  const found = { ...nothing, lost, groups: [group], counts: '2 removed' };
  const changes = { since: 'disc 0', found };
  const withChanges = (rows: number) =>
    resultText('/srv/out/disc-1', built, { ...plain, changes, columns: 80, rows })
      .trimEnd()
      .split('\n');
  expect(withChanges(100)).toContain('  lost: b on Windows 7 (amd64): gone');
  for (let rows = smallest + 2; rows < 60; rows++) expect(withChanges(rows).length).toBeLessThan(rows);
  expect(withChanges(smallest + 2)).toContain('Since disc 0: 2 removed');
});

/** Returns how many rows of a terminal a text takes. */
function rowsOf(text: string, columns: number): number {
  const rows = text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / columns)));
  return rows.reduce((sum, count) => sum + count, 0);
}

test('long paths count as the rows that they take, and a small screen gets whole rules, the most frequent first', () => {
  const systems = ['w7', 'w8', 'w10', 'w11'];
  const drivers = systems.flatMap((os) =>
    ['a', 'b'].map((driver) => ({
      ...packageOf(driver, os),
      loads: os === 'w7' ? ('never' as const) : ('secure-boot' as const),
    })),
  );
  const findings = Array.from({ length: 6 }, (_, at) =>
    Array(at + 1).fill(finding(`inf/a-rule-with-a-long-name-that-needs-a-row-${at}`)),
  ).flat();
  const folder = `/srv/${'out/'.repeat(12)}disc-1`;
  const built = { ...release, record: { ...release.record, drivers, findings } };
  const textAt = (columns: number, rows: number) =>
    resultText(folder, built, { ...plain, columns, rows }).trimEnd();
  const counts = (text: string) =>
    [...text.matchAll(/^warning +(\d+) .*\n {4}\S/gm)].map(([, count]) => Number(count));
  expect(counts(textAt(80, 100))).toEqual([6, 5, 4, 3, 2, 1]);
  for (let rows = 19; rows < 60; rows++) {
    const text = textAt(80, rows);
    expect(rowsOf(text, 80)).toBeLessThan(rows);
    expect([6, 5, 4, 3, 2, 1].slice(0, counts(text).length)).toEqual(counts(text));
    expect(text.match(/^warning /gm)?.length ?? 0).toBe(counts(text).length);
    const rest = 6 - counts(text).length;
    if (counts(text).length === 0) expect(text).toContain('\n21 warnings of 6 rules: pvdisc check RELEASE\n');
    else expect(text.includes(` more rule${rest === 1 ? '' : 's'}: `)).toBe(rest > 0);
    if (!text.includes('Drivers by Windows'))
      expect(text).toMatch(/^Matrix (?:and details )?left out: pvdisc report \S+ --format text$/m);
  }
  expect(counts(textAt(80, 19))).toEqual([]);
  expect(textAt(80, 19)).toContain('Matrix and details left out: ');
  const narrow = textAt(12, 100);
  expect(narrow).toContain('\nMatrix left out, since it is wider than the screen: report.html has it\n');
});

function packageOf(driver: string, os: string) {
  return {
    driver,
    target: { os, arch: 'amd64' },
    inf: `${driver}/${os}/amd64/a.inf`,
    signature: 'whql' as const,
    verdict: { integrity: 'good' as const, uncovered: [], trust: 'whql' as const },
    loads: 'secure-boot' as const,
  };
}

function finding(rule: string) {
  return { rule, severity: 'warning' as const, path: 'driver-w7/w7/amd64/a.inf', message: 'is odd' };
}

const nothing = {
  old: '',
  new: '',
  verdict: '',
  lost: [],
  gained: [],
  counts: '',
  sizes: '',
  files: [],
  notes: [],
  groups: [],
};
const group = {
  change: 'removed' as const,
  driver: 'a',
  version: '1',
  windows: 'Windows 7 (amd64)',
  details: [],
};
