import { expect, test } from 'vitest';
import { driverFacts } from '../../pipeline/validate/driver-facts.ts';
import { driverFolders } from '../../pipeline/validate/driver-folders.ts';
import { readFacts } from '../../pipeline/validate/facts.ts';
import { collectRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const drivers = {
  viostor: {
    extras: [
      { file: 'tool.exe', what: 'x' },
      { file: 'notes.txt', what: 'x' },
    ],
  },
};

test('each INF, binary and catalog says what it is; other files say nothing', async () => {
  const files = driverFolder('Win10/x86', {
    inf: { catalog: 'viostor.cat' },
    extras: { 'viostor.cat': 'x', 'tool.exe': 'no program', 'notes.txt': 'x', 'viostor.pdb': 'x' },
  });
  const { facts } = await factsOf({ files, drivers });
  expect([...facts].map(([path, { kind }]) => [path, kind])).toEqual([
    ['viostor/w10/x86/tool.exe', 'pe'],
    ['viostor/w10/x86/viostor.cat', 'catalog'],
    ['viostor/w10/x86/viostor.inf', 'inf'],
    ['viostor/w10/x86/viostor.sys', 'pe'],
  ]);
  expect(facts.get('viostor/w10/x86/viostor.sys')).toEqual({ kind: 'pe', machine: 0x014c });
  expect(facts.get('viostor/w10/x86/tool.exe')).toEqual({
    kind: 'pe',
    problem: expect.stringMatching(/^not a PE file/),
  });
  expect(facts.get('viostor/w10/x86/viostor.cat')?.problem).toMatch(/./);
  expect(facts.get('viostor/w10/x86/viostor.inf')?.inf?.sections.has('version')).toBe(true);
});

test('a content that lies in several places is read once', async () => {
  const { facts } = await factsOf({ files: driverFolder('Win10/amd64') });
  const [one, other] = ['w10', '2k22'].map((os) => facts.get(`viostor/${os}/amd64/viostor.inf`)?.inf);
  expect(one).toBeDefined();
  expect(one).toBe(other);
});

test('a driver says its name, provider and version; without a catalog it is unsigned', async () => {
  const { tree, facts } = await factsOf({ files: driverFolder('Win10/x86') });
  expect(driverFacts(tree, facts)).toEqual([
    {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/viostor.inf',
      name: 'viostor test driver',
      provider: 'pvdisc project',
      driverVer: '01/02/2026,0.1.0.1',
      signature: 'unsigned',
    },
  ]);
});

test('the state and signer of the catalog are those of the driver', async () => {
  const files = driverFolder('Win10/x86', {
    inf: { catalog: 'viostor.cat' },
    extras: { 'viostor.cat': 'x' },
  });
  const { tree, facts } = await factsOf({ files });
  const signed = new Map([
    ...facts,
    [
      'viostor/w10/x86/viostor.cat',
      { kind: 'catalog', signature: { state: 'attested', signer: 'CN' } },
    ] as const,
  ]);
  expect(driverFacts(tree, signed)).toMatchObject([{ signature: 'attested', signer: 'CN' }]);
});

test('an INF without names gives only what every driver has; its first model stands in for the name', async () => {
  const bare = '[Version]\r\nSignature="$Windows NT$"\r\n';
  const models = `${bare}[Manufacturer]\r\nX=M\r\n[M]\r\n"Model of X"=I,ROOT\\X\r\n`;
  const { tree, facts } = await factsOf({
    files: { 'Win10/x86/viostor.inf': bare, 'Win7/x86/viostor.inf': models },
  });
  expect(driverFacts(tree, facts)).toEqual([
    {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/viostor.inf',
      signature: 'unsigned',
    },
    {
      driver: 'viostor',
      target: { os: 'w7', arch: 'x86' },
      inf: 'viostor/w7/x86/viostor.inf',
      name: 'Model of X',
      signature: 'unsigned',
    },
  ]);
});

test('a folder with two INFs is one folder, with all its files', async () => {
  const second = driverFolder('Win10/x86', { name: 'viostor2', extras: { 'notes.txt': 'x' } });
  const { tree } = await factsOf({
    files: { ...driverFolder('Win10/x86'), ...second, ...driverFolder('Win7/x86') },
    drivers: {
      viostor: { inf: ['viostor.inf', 'viostor2.inf'], extras: [{ file: 'notes.txt', what: 'x' }] },
    },
  });
  expect(driverFolders(tree).map(({ path, files }) => [path, files.length])).toEqual([
    ['viostor/w10/x86/', 5],
    ['viostor/w7/x86/', 2],
  ]);
});

test('reading stops with the run', async () => {
  const { tree } = await factsOf({ files: driverFolder('Win10/x86') });
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(readFacts(tree, { signal })).rejects.toThrow('stopped');
});

async function factsOf(options: ReleaseOptions) {
  const { release, tree } = await collectRelease(options);
  return { tree, facts: await readFacts(tree, release.context) };
}
