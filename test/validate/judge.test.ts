import { expect, test } from 'vitest';
import { isFatal, judge } from '../../pipeline/validate/judge.ts';
import { validate } from '../../pipeline/validate/validate.ts';
import { withCatalog } from '../builders/catalog.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

/** Two errors in one file, one warning, an error in another file. */
const bad: ReleaseOptions = {
  files: withCatalog({
    ...driverFolder('Win10/x86', { infFiles: ['viostor.sys', 'gone.dll', 'lost.dll'] }),
    ...driverFolder('Win7/x86', { pe: { arch: 'ARM64' } }),
  }),
  drivers: { viostor: { extras: [{ file: 'tool.exe', windows: '>=10.0.0', what: 'tool' }] } },
};

test('findings are sorted by path, line and rule, with the severity of their rule', async () => {
  const { findings, packages } = await judged(bad);
  expect(findings).toEqual([
    {
      rule: 'manifest/missing-extra',
      severity: 'warning',
      path: 'viostor/w10/x86/tool.exe',
      message: 'is expected by the manifest, but is not in the source',
      hint: expect.any(String),
    },
    {
      rule: 'inf/missing-file',
      severity: 'error',
      path: 'viostor/w10/x86/viostor.inf',
      line: 17,
      message: 'names "gone.dll", which is not in its folder; and 1 more, in line 18',
      hint: expect.any(String),
      places: [
        { line: 17, message: 'names "gone.dll", which is not in its folder' },
        { line: 18, message: 'names "lost.dll", which is not in its folder' },
      ],
    },
    {
      rule: 'pe/wrong-machine',
      severity: 'error',
      path: 'viostor/w7/x86/viostor.sys',
      message: 'machine is ARM64, expected x86',
      hint: 'use the x86 build of the file',
    },
  ]);
  expect(findings.map(isFatal)).toEqual([false, true, true]);
  expect(packages.map(({ inf }) => inf)).toEqual([
    'viostor/w10/x86/viostor.inf',
    'viostor/w7/x86/viostor.inf',
  ]);
});

test('a build stops at errors and tells them all, with their rules; warnings alone do not stop it', async () => {
  const { release, tree } = await collectRelease(bad);
  const told = await problemsOf(
    validate.run({ manifest: release.manifest, tree }, release.context),
    release.folder,
  );
  expect(told).toEqual([
    'viostor/w10/x86/viostor.inf:17: names "gone.dll", which is not in its folder [inf/missing-file]\n  hint: add the file to the driver build, or remove its name from the INF',
    'viostor/w10/x86/viostor.inf:18: names "lost.dll", which is not in its folder [inf/missing-file]\n  hint: add the file to the driver build, or remove its name from the INF',
    'viostor/w7/x86/viostor.sys: machine is ARM64, expected x86 [pe/wrong-machine]\n  hint: use the x86 build of the file',
  ]);
  const fair = await collectRelease({ ...bad, files: withCatalog(driverFolder('Win10/x86')) });
  const passed = await validate.run(
    { manifest: fair.release.manifest, tree: fair.tree },
    fair.release.context,
  );
  expect(passed.findings.map(({ rule }) => rule)).toEqual(['manifest/missing-extra']);
  expect(passed).toMatchObject({ ...fair.tree, drivers: [{ inf: 'viostor/w10/x86/viostor.inf' }] });
});

test('an accepted finding keeps its reason and stops nothing', async () => {
  const accept = [
    { rule: 'inf/missing-file', path: 'viostor/w10/**', reason: 'Windows has the file' },
    { rule: 'pe/wrong-machine', path: 'VIOSTOR.sys', reason: 'a test' },
    { rule: 'manifest/missing-extra', path: 'viostor/w10/x86/tool.exe', reason: 'not built' },
  ];
  const { release, tree } = await collectRelease({ ...bad, release: { accept } });
  const { findings } = await validate.run({ manifest: release.manifest, tree }, release.context);
  expect(findings.map(({ rule, accepted }) => [rule, accepted])).toEqual([
    ['manifest/missing-extra', 'not built'],
    ['inf/missing-file', 'Windows has the file'],
    ['pe/wrong-machine', 'a test'],
  ]);
});

test('an acceptance is of one rule at one place: others still stop the build', async () => {
  const accept = [{ rule: 'inf/missing-file', path: 'viostor/w10/**', reason: 'r' }];
  const { findings } = await judged({ ...bad, release: { accept } });
  expect(findings.filter(isFatal).map(({ rule }) => rule)).toEqual(['pe/wrong-machine']);
});

test('acceptances that accept nothing are told: another path, another rule, an earlier line', async () => {
  const accept = [
    { rule: 'inf/missing-file', path: '**', reason: 'r' },
    { rule: 'inf/missing-file', path: 'viostor/w10/x86/viostor.inf', reason: 'r' },
    { rule: 'pe/wrong-machine', path: 'viostor/w10/**', reason: 'r' },
    { rule: 'no/such-rule', path: '**', reason: 'r' },
  ];
  const { release, tree } = await collectRelease({ ...bad, release: { accept } });
  const none = 'which matches no finding that an earlier entry does not accept';
  const hint =
    '\n  hint: remove the entry if the finding is fixed, or check the spelling of its rule and path';
  expect(
    await problemsOf(validate.run({ manifest: release.manifest, tree }, release.context), release.folder),
  ).toEqual([
    expect.stringContaining('[pe/wrong-machine]'),
    `./release.yaml:15: accept.1: accepts inf/missing-file at "viostor/w10/x86/viostor.inf", ${none}${hint}`,
    `./release.yaml:18: accept.2: accepts pe/wrong-machine at "viostor/w10/**", ${none}${hint}`,
    `./release.yaml:21: accept.3: accepts no/such-rule, which is not a rule\n  hint: did you mean one of these: inf/no-class, inf/no-destination, inf/no-function-service, inf/no-models, inf/no-pnp-lockdown, inf/no-provider, sign/no-timestamp`,
  ]);
});

test('a repair that mends nothing is an error, beside the findings', async () => {
  const { release, tree } = await collectRelease({ ...bad, release: { repair: ['line-endings'] } });
  const built = validate.run({ manifest: release.manifest, tree }, release.context);
  expect(await problemsOf(built, release.folder)).toEqual([
    expect.stringContaining('gone.dll'),
    expect.stringContaining('lost.dll'),
    expect.stringContaining('[pe/wrong-machine]'),
    './release.yaml:12: repair.0: line-endings repairs no file\n  hint: remove it: the source is not damaged, or is damaged in another way that findings report',
  ]);
});

async function judged(options: ReleaseOptions) {
  const { release, tree } = await collectRelease(options);
  return judge(release.manifest, tree, release.context);
}

/** Unsigned builds: a catalog that was never made, and a boot driver without a signature. */
const unsignedBuild: ReleaseOptions = {
  files: driverFolder('Win11/amd64', {
    inf: {
      catalog: 'viostor.cat',
      driver: { files: ['viostor.sys'], destination: 12, startType: 0, loadOrderGroup: 'SCSI miniport' },
    },
  }),
};

test('"unsigned" accepts what only lacks a signature, with its reason', async () => {
  const without = await judged(unsignedBuild);
  const fatal = without.findings.filter(isFatal).map(({ rule }) => rule);
  expect(new Set(fatal)).toEqual(new Set(['inf/missing-file', 'pe/unsigned-boot-driver']));
  const unsigned = 'test machines only';
  const { findings, problems } = await judged({ ...unsignedBuild, release: { unsigned } });
  expect({ fatal: findings.filter(isFatal), problems }).toEqual({ fatal: [], problems: [] });
  expect(findings.filter(({ accepted }) => accepted === unsigned)).toHaveLength(fatal.length);
  expect(findings.filter((finding) => 'lacksSignature' in finding)).toEqual([]);
});

test('"unsigned" accepts no other missing file, and is an error where nothing is unsigned', async () => {
  const release = { unsigned: 'r' };
  const files = driverFolder('Win11/amd64', {
    inf: { catalog: 'viostor.cat' },
    infFiles: ['viostor.sys', 'gone.dll'],
  });
  const { findings } = await judged({ files, release });
  expect(findings.filter(isFatal).map(({ message }) => message)).toEqual([
    'names "gone.dll", which is not in its folder',
  ]);
  const { problems } = await judged({ files: withCatalog(driverFolder('Win7/x86')), release });
  expect(problems.map(({ message }) => message)).toEqual([
    'accepts nothing: each INF has its catalog, and each boot driver a signature',
  ]);
});
