import { describe, expect, test } from 'vitest';
import type { CheckedTree } from '../../../../pipeline/cli/report/findings/checked-tree.ts';
import { findingsSchema } from '../../../../pipeline/cli/report/findings/findings-schema.ts';
import { findingsReports } from '../../../../pipeline/cli/report/findings/index.ts';
import type { DiscFile } from '../../../../pipeline/model/driver-tree.ts';
import type { AcceptedFinding, WrittenFinding } from '../../../../pipeline/model/finding.ts';
import { rules } from '../../../../pipeline/validate/rules/index.ts';

const plain = { verbose: false, colour: false, version: '1.2.3', root: '/repo', scratch: '/repo/tmp' };
const { text, json, github, sarif } = findingsReports;

const file = (path: string, from: string): DiscFile => ({
  path,
  content: { file: '/x', sha256: 'a'.repeat(64), size: 1 },
  origin: { source: 'old-drivers', path: from },
  role: 'inf',
});

const error: AcceptedFinding = {
  rule: 'pe/wrong-machine',
  severity: 'error',
  path: 'viostor/w10/x86/viostor.sys',
  message: 'machine is amd64, expected x86',
  hint: 'build it anew',
};
const note = (path: string): AcceptedFinding => ({
  rule: 'inf/missing-file',
  severity: 'warning',
  path,
  line: 7,
  message: 'names "100%,\u001b:x"',
  hint: 'add it',
});
const info: AcceptedFinding = {
  ...error,
  rule: 'inf/line-endings-repaired',
  severity: 'info',
  message: 'good',
};

const checked: CheckedTree = {
  findings: [
    note('NetKVM/2k22/amd64/netkvm.inf'),
    note('NetKVM/w10/amd64/netkvm.inf'),
    note('NetKVM/w11/amd64/netkvm.inf'),
    { ...error, rule: 'release/empty', path: 'test-disc', message: 'contains no driver' },
    info,
    { ...error, accepted: 'tried and works' },
    error,
  ],
  problems: [],
  targets: [],
  tree: {
    unnamed: [],
    files: [
      file('NetKVM/2k22/amd64/netkvm.inf', 'Win10/a b/netkvm.inf'),
      file('NetKVM/w10/amd64/netkvm.inf', 'Win10/a b/netkvm.inf'),
      file('NetKVM/w11/amd64/netkvm.inf', 'Win11/amd64/netkvm.inf'),
      file('viostor/w10/x86/viostor.sys', 'Win10/x86/viostor.sys'),
    ],
    packages: ['NetKVM', 'viostor'].map((driver) => ({
      driver,
      target: { os: 'w10', arch: 'amd64' },
      inf: `${driver}/x.inf`,
      files: [],
      missing: [],
    })),
  },
};

describe('text', () => {
  test('has a line for each rule, errors first and with their message, then the counts', () => {
    expect(text(checked, plain).split('\n')).toEqual([
      'severity  count  rule              drivers  Windows  first place',
      'error         1  pe/wrong-machine  viostor  -        viostor/w10/x86/viostor.sys',
      '    machine is amd64, expected x86',
      '    hint: build it anew',
      'error         1  release/empty     -        -        test-disc',
      '    contains no driver',
      '    hint: build it anew',
      'warning       3  inf/missing-file  NetKVM   -        NetKVM/2k22/amd64/netkvm.inf:7',
      'accepted      1  pe/wrong-machine  viostor  -        viostor/w10/x86/viostor.sys',
      '',
      'Each finding: pvdisc check RELEASE RULE, or --verbose; what a rule means: pvdisc check --explain RULE',
      '2 errors, 3 warnings, 1 info, 1 accepted (--verbose shows infos)',
      '',
    ]);
  });

  test('on a narrow terminal has the same on lines that fit', () => {
    const lines = text(checked, { ...plain, columns: 40 }).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'error 1 pe/wrong-machine',
      '    drivers: viostor;',
      '    viostor/w10/x86/viostor.sys',
      '    machine is amd64, expected x86',
    ]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  test('lists each finding if asked: by driver, merged for one source file, with a common hint once', () => {
    expect(text(checked, { ...plain, verbose: true }).split('\n')).toEqual([
      '(the release)',
      '  test-disc: error: contains no driver [release/empty]',
      '    hint: build it anew',
      '',
      'NetKVM',
      '  NetKVM/2k22/amd64/netkvm.inf:7 and 1 more: warning: names "100%,?:x" [inf/missing-file]',
      '  NetKVM/w11/amd64/netkvm.inf:7: warning: names "100%,?:x" [inf/missing-file]',
      '    hint: add it',
      '',
      'viostor',
      '  viostor/w10/x86/viostor.sys: accepted (tried and works): machine is amd64, expected x86 [pe/wrong-machine]',
      '  viostor/w10/x86/viostor.sys: error: machine is amd64, expected x86 [pe/wrong-machine]',
      '  viostor/w10/x86/viostor.sys: info: good [inf/line-endings-repaired]',
      '    hint: build it anew',
      '',
      '2 errors, 3 warnings, 1 info, 1 accepted',
      '',
    ]);
  });

  test('lists every place of one rule', () => {
    const [finding = note('')] = checked.findings;
    const places = [
      { line: 7, message: 'names "a"' },
      { line: 9, message: 'names "b"' },
    ];
    const shown = {
      ...checked,
      findings: [{ ...finding, message: 'names "a"; and 1 more, in line 9', places }],
    };
    expect(
      text(shown, { ...plain, rule: finding.rule })
        .split('\n')
        .slice(0, 4),
    ).toEqual([
      'NetKVM',
      '  NetKVM/2k22/amd64/netkvm.inf:7: warning: names "a" [inf/missing-file]',
      '  NetKVM/2k22/amd64/netkvm.inf:9: warning: names "b" [inf/missing-file]',
      '    hint: add it',
    ]);
  });

  test('colours the driver and the severity only when asked', () => {
    const findings = [error];
    const colour = { ...plain, colour: true };
    expect(text({ ...checked, findings }, { ...colour, verbose: true })).toContain(
      '\u001b[1mviostor\u001b[22m\n',
    );
    expect(text({ ...checked, findings }, { ...colour, verbose: true })).toContain(
      ': \u001b[31merror\u001b[39m: machine',
    );
    expect(text({ ...checked, findings }, colour)).toContain('\u001b[31merror\u001b[39m         1  pe/wrong');
    expect(text({ ...checked, findings }, plain)).not.toContain('\u001b');
  });

  test('without findings there are only the counts', () => {
    expect(text({ ...checked, findings: [] }, plain)).toBe('0 errors, 0 warnings, 0 infos, 0 accepted\n');
  });
});

describe('with a baseline', () => {
  const [known, alike] = checked.findings;
  const gone = { rule: 'inf/gone', path: 'viostor/x.inf', message: 'was odd', count: 1 };
  const baseline = {
    name: 'old.json',
    gone: [gone],
    isNew: (finding: WrittenFinding) =>
      finding.severity === 'info' || finding.accepted !== undefined
        ? undefined
        : finding !== known && finding !== alike,
  };
  const compared = { ...checked, baseline };

  test('text has what is new before the rest, and the entries that match nothing', () => {
    const lines = text(compared, plain).split('\n');
    expect(lines.slice(7)).toEqual([
      'New since old.json:',
      'warning       1  inf/missing-file  NetKVM   -        NetKVM/w11/amd64/netkvm.inf:7',
      '    names "100%,?:x"',
      '    hint: add it',
      'The rest:',
      'warning       2  inf/missing-file  NetKVM   -        NetKVM/2k22/amd64/netkvm.inf:7',
      'accepted      1  pe/wrong-machine  viostor  -        viostor/w10/x86/viostor.sys',
      '',
      'Each finding: pvdisc check RELEASE RULE, or --verbose; what a rule means: pvdisc check --explain RULE',
      '2 errors (2 new), 3 warnings (1 new), 1 info, 1 accepted (--verbose shows infos)',
      '1 entry of old.json matches no finding any more: viostor/x.inf [inf/gone]',
      '',
    ]);
    const isNew = () => false;
    const nothing = text({ ...compared, findings: [], baseline: { ...baseline, gone: [], isNew } }, plain);
    expect(nothing).toContain('No new warnings since old.json.\n');
  });

  test('json, SARIF and GitHub say which findings are new', () => {
    const { findings, baseline: stated } = findingsSchema.parse(JSON.parse(json(compared)));
    const isNew = [false, false, true, true, undefined, undefined, true];
    expect(findings.map((finding) => finding.new)).toEqual(isNew);
    expect(stated).toEqual({ name: 'old.json', gone: [gone] });
    const { results } = JSON.parse(sarif(compared, plain)).runs[0];
    const stateOf = (value: boolean | undefined) =>
      value ? 'new' : value === false ? 'unchanged' : undefined;
    expect(results.map((result: { baselineState?: string }) => result.baselineState)).toEqual(
      isNew.map(stateOf),
    );
    const commands = github(compared, plain)
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(commands.slice(0, 4)).toEqual(['::notice', '::notice', '::warning', '::error']);
  });
});

test('json has all findings, as its schema says', () => {
  const document = JSON.parse(json(checked));
  expect(findingsSchema.parse(document)).toEqual({ schemaVersion: 1, findings: checked.findings });
});

test('github has a command for each finding; infos and accepted ones are notices', () => {
  const lines = github(checked, plain).trimEnd().split('\n');
  expect(lines).toHaveLength(checked.findings.length);
  expect(lines[0]).toBe(
    '::warning title=inf/missing-file%3A NetKVM/2k22/amd64/netkvm.inf%3A7::names "100%25,?:x"',
  );
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    ...['::warning', '::warning', '::warning', '::error', '::notice', '::notice', '::error'],
  ]);
});

test('github annotates a file below the root once for all its targets, and none in the scratch folder', () => {
  const at = (place: string) =>
    checked.tree.files.map((one) => ({ ...one, content: { ...one.content, file: place } }));
  const annotated = (place: string) =>
    github(
      { ...checked, findings: checked.findings.slice(0, 3), tree: { ...checked.tree, files: at(place) } },
      plain,
    );
  expect(annotated('/repo/drivers/a,b/x.inf')).toBe(
    '::warning file=drivers/a%2Cb/x.inf,line=7,title=inf/missing-file::names "100%25,?:x"\n',
  );
  for (const elsewhere of ['/repo/tmp/x.inf', '/repository/x.inf', '/x.inf'])
    expect(annotated(elsewhere)).toContain('::warning title=inf/missing-file%3A NetKVM/2k22');
});

test('what is wrong with the release itself is in every report', () => {
  const problems = [{ place: 'release.yaml:3: a', message: 'is wrong', hint: 'mend it' }];
  const refused = { ...checked, findings: [], problems };
  expect(github(refused, plain)).toBe('::error title=release.yaml%3A3%3A a::is wrong\n');
  expect(findingsSchema.parse(JSON.parse(json(refused)))).toEqual({
    schemaVersion: 1,
    findings: [],
    problems,
  });
  expect(JSON.parse(sarif(refused, plain)).runs[0].invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'release.yaml:3: a: is wrong\n  hint: mend it' } },
      ],
    },
  ]);
  expect(JSON.parse(sarif(checked, plain)).runs[0].invocations).toEqual([
    { executionSuccessful: true, toolExecutionNotifications: [] },
  ]);
});

describe('sarif', () => {
  const log = JSON.parse(sarif(checked, plain));
  const [run] = log.runs;

  test('is a log of version 2.1.0 with one run of pvdisc', () => {
    expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version']);
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    expect(log.runs).toHaveLength(1);
    expect(run.tool.driver).toMatchObject({ name: 'pvdisc', version: '1.2.3' });
  });

  test('has every rule with what it means as help', () => {
    expect(run.tool.driver.rules).toEqual(
      rules.map(({ id, explain, severity }) => ({
        id,
        shortDescription: { text: explain.split('\n')[0] },
        fullDescription: { text: explain },
        help: { text: explain },
        defaultConfiguration: { level: severity === 'info' ? 'note' : severity },
      })),
    );
  });

  test('has each finding with its rule, level and message', () => {
    expect(run.results).toHaveLength(checked.findings.length);
    for (const [index, result] of run.results.entries()) {
      const finding = checked.findings[index];
      expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(finding?.rule);
      expect(result.ruleId).toBe(finding?.rule);
      expect(result.message.text).toBe(`${finding?.path}: ${finding?.message}\nhint: ${finding?.hint}`);
    }
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual([
      ...['warning', 'warning', 'warning', 'error', 'note', 'error', 'error'],
    ]);
  });

  test('gives the path on the disc, and the file in its source where there is one', () => {
    expect(run.results[0].locations).toEqual([
      {
        logicalLocations: [{ fullyQualifiedName: 'NetKVM/2k22/amd64/netkvm.inf', kind: 'resource' }],
        physicalLocation: {
          artifactLocation: { uri: 'Win10/a%20b/netkvm.inf', uriBaseId: 'OLD_DRIVERS' },
          region: { startLine: 7 },
        },
      },
    ]);
    expect(run.originalUriBaseIds).toEqual({
      OLD_DRIVERS: { description: { text: 'The source "old-drivers" of the release' } },
    });
    expect(run.results[3].locations).toEqual([
      { logicalLocations: [{ fullyQualifiedName: 'test-disc', kind: 'resource' }] },
    ]);
  });

  test('an accepted finding is suppressed, for the reason of the release', () => {
    expect(run.results[5].suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'tried and works' },
    ]);
    expect(run.results[6]).not.toHaveProperty('suppressions');
  });
});
