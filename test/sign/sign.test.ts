import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../pipeline/formats/catalog/file-digests.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import type { DriverTree } from '../../pipeline/model/driver-tree.ts';
import { buildRelease, checkRelease } from '../../pipeline/pipeline.ts';
import { openKeyFile } from '../../pipeline/sign/key-file.ts';
import { type DriverSigner, sign } from '../../pipeline/sign/sign.ts';
import { readSignatures, recordedSigner } from '../../pipeline/sign/signature-files.ts';
import { testAuthorities, trustTestRoots } from '../builders/authority.ts';
import { withCatalog } from '../builders/catalog.ts';
import { problemsOf } from '../builders/problems.ts';
import { makeRelease, type TestRelease, type Values } from '../builders/release.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverRoot, driverSigner, pemOf, signingFiles } from '../builders/signing-keys.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';
import { makeCertificate } from '../formats/signing.ts';

trustTestRoots();

const named = { inf: { catalog: 'viostor.cat' } };
const drivers: Tree = { ...driverFolder('Win10/amd64', named), ...driverFolder('Win7/x86', named) };

/** Makes a release that asks for signatures of the key of `driverSigner`. */
function signedRelease(files: Tree = drivers, sign: Values = {}, release: Values = {}): Promise<TestRelease> {
  return makeRelease({
    files,
    release: { sign: { certificates: 'drivers.pem', ...sign }, ...release },
    texts: { 'drivers.pem': pemOf(driverSigner, driverRoot) },
  });
}

async function key(): Promise<DriverSigner> {
  const files = await signingFiles();
  return {
    signer: await openKeyFile({ file: files.key, place: 'key', passphraseHint: '' }),
    timestamps: new Map(),
  };
}

async function signed({ manifest, context }: TestRelease, by?: DriverSigner): Promise<DriverTree> {
  const tree = await collect.run(manifest, context);
  return sign.run({ manifest, tree, key: by ?? (await key()) }, context);
}

async function bytesOf({ files }: DriverTree, path: string): Promise<Buffer> {
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} is not in the tree`);
  return readFile(file.content.file);
}

function states({ signing }: DriverTree): string[] {
  return (signing?.files ?? []).map(({ path, state }) => `${path} ${state}`);
}

describe('sign', () => {
  test('makes one catalog for all Windows of a folder, and signs it and the drivers', async () => {
    const tree = await signed(await signedRelease());
    expect(states(tree)).toEqual([
      'viostor/2k22/amd64/viostor.cat made',
      'viostor/2k22/amd64/viostor.sys signed',
      'viostor/w10/amd64/viostor.cat made',
      'viostor/w10/amd64/viostor.sys signed',
      'viostor/w7/x86/viostor.cat made',
      'viostor/w7/x86/viostor.sys signed',
    ]);
    const bytes = await bytesOf(tree, 'viostor/w10/amd64/viostor.cat');
    expect(await bytesOf(tree, 'viostor/2k22/amd64/viostor.cat')).toEqual(bytes);
    const catalog = parseCatalog(bytes);
    expect(catalog).toMatchObject({
      version: 2,
      os: ['_v100_X64', 'Server_v100_X64_21H2'],
      thisUpdate: '2026-01-02T03:04:05.000Z',
      signature: { signers: [{ certificate: { commonName: 'Drivers' } }] },
    });
    expect(catalog.signature.signers[0]).not.toHaveProperty('problem');
    for (const name of ['viostor.inf', 'viostor.sys']) {
      const digests = fileDigests(await bytesOf(tree, `viostor/w10/amd64/${name}`));
      expect(membersOf(catalog, digests), name).not.toEqual([]);
    }
    expect(readPeSignatures(await bytesOf(tree, 'viostor/w7/x86/viostor.sys'))).toMatchObject([
      { matches: true, signers: [{ certificate: { commonName: 'Drivers' } }] },
    ]);
  });

  test('gives the INF its catalog, and leaves it and the source as they were', async () => {
    const tree = await signed(await signedRelease());
    const [driverPackage] = tree.packages;
    expect(driverPackage).toMatchObject({
      catalogPath: 'viostor/2k22/amd64/viostor.cat',
      files: ['viostor.cat', 'viostor.inf', 'viostor.sys'].map((name) => `viostor/2k22/amd64/${name}`),
      missing: [],
    });
    const made = tree.files.find(({ path }) => path === 'viostor/w7/x86/viostor.cat');
    expect(made).not.toHaveProperty('origin');
    for (const name of ['viostor.inf', 'viostor.sys']) {
      const file = tree.files.find(({ path }) => path === `viostor/w7/x86/${name}`);
      const isSame = Buffer.from(drivers[`Win7/x86/${name}`] ?? '').equals(
        await bytesOf(tree, file?.path ?? ''),
      );
      expect(isSame, name).toBe(name === 'viostor.inf');
    }
  });

  test('keeps signatures with which the same bytes are made without the key', async () => {
    const tree = await signed(await signedRelease());
    const recorded = await readSignatures(tree.signing?.signatures?.file ?? '', 'kept');
    const again = await signed(await signedRelease(), {
      signer: recordedSigner(recorded, 'kept'),
      timestamps: new Map(),
    });
    const contents = ({ files }: DriverTree) => files.map(({ path, content }) => [path, content.sha256]);
    expect(contents(again)).toEqual(contents(tree));
    expect(again.signing?.signatures?.sha256).toBe(tree.signing?.signatures?.sha256);
    expect(again.signing?.files).toEqual(tree.signing?.files);
  });

  test('does not touch what Microsoft signed, nor the drivers of its catalogs', async () => {
    const facts = { name: 'Windows', organization: 'Microsoft Corporation', ekus: ['1.3.6.1.5.5.7.3.3'] };
    const [issuer] = testAuthorities;
    const signer = makeCertificate({ ...facts, ...(issuer !== undefined && { issuer }) });
    const theirs = withCatalog(driverFolder('Win10/amd64'), { signer, issuers: testAuthorities });
    const sys = signPe(Buffer.from(drivers['Win7/x86/viostor.sys'] ?? ''), {
      signer,
      others: testAuthorities,
    });
    const files = { ...theirs, ...driverFolder('Win7/x86', named), 'Win7/x86/viostor.sys': sys };
    const tree = await signed(await signedRelease(files, { catalogs: 'all', replace: true }));
    expect(states(tree)).toEqual([
      'viostor/2k22/amd64/viostor.cat kept',
      'viostor/2k22/amd64/viostor.sys kept',
      'viostor/w10/amd64/viostor.cat kept',
      'viostor/w10/amd64/viostor.sys kept',
      'viostor/w7/x86/viostor.cat made',
      'viostor/w7/x86/viostor.sys kept',
    ]);
    for (const name of ['viostor.cat', 'viostor.sys', 'viostor.inf'])
      expect(await bytesOf(tree, `viostor/w10/amd64/${name}`), name).toEqual(
        Buffer.from(theirs[`Win10/amd64/${name}`] ?? ''),
      );
  });

  test('replaces signatures and catalogs of others only when it is told to', async () => {
    const files = withCatalog(driverFolder('Win10/amd64'));
    expect(await problemsOf(signed(await signedRelease(files)))).toEqual([
      expect.stringMatching(
        /^viostor\/2k22\/amd64\/viostor\.cat: has a signature of "pvdisc test"\n {2}hint: "replace: true" at .*release\.yaml:\d+: sign puts yours in its place$/,
      ),
    ]);
    expect(await problemsOf(signed(await signedRelease(files, { catalogs: 'all' })))).toEqual([
      expect.stringContaining('has a signature of "pvdisc test"'),
    ]);
    const tree = await signed(await signedRelease(files, { catalogs: 'all', replace: true }));
    const [catalog, sys] = tree.signing?.files ?? [];
    expect(catalog).toMatchObject({ state: 'made', replaced: 'pvdisc test', from: expect.any(String) });
    expect(sys).toMatchObject({ state: 'signed' });
    expect(sys).not.toHaveProperty('replaced');
  });

  test('signs the kinds of files that the release asks for, for the Windows that it names', async () => {
    const release = await signedRelease(drivers, { embed: 'none', targets: ['w11/amd64', 'w7/x86'] });
    const tree = await signed(release);
    expect(states(tree).filter((state) => !state.endsWith('.cat made'))).toEqual([]);
    expect(parseCatalog(await bytesOf(tree, 'viostor/w10/amd64/viostor.cat')).os).toEqual(['_v100_X64_21H2']);
    expect(await problemsOf(signed(await signedRelease(drivers, { targets: ['w7/x86'] })))).toEqual([
      expect.stringContaining('names no Windows for amd64, which viostor/2k22/amd64/viostor.inf is for'),
    ]);
  });

  test('asks no timestamp authority with --offline', async () => {
    const url = 'http://127.0.0.1:9/tsa';
    const release = await signedRelease(drivers, { timestamps: [url] });
    const offline = { ...release, context: { ...release.context, offline: true } };
    expect(await problemsOf(signed(offline))).toEqual([
      `${url}: is not asked for a timestamp with --offline\n  hint: give signatures that have timestamps (--signatures), or leave out --offline`,
    ]);
  });

  test('refuses certificates without their root where the disc is to have it', async () => {
    const release = await makeRelease({
      files: drivers,
      release: { sign: { certificates: 'drivers.pem', enrol: true } },
      texts: { 'drivers.pem': pemOf(driverSigner) },
    });
    expect(await problemsOf(signed(release))).toEqual([
      expect.stringMatching(
        /sign\.certificates: ends with "Drivers", which is not a root, so that no guest could trust it/,
      ),
    ]);
  });

  test('refuses two INFs of one folder with the same catalog', async () => {
    const two = {
      ...driverFolder('Win7/x86', named),
      ...driverFolder('Win7/x86', { ...named, name: 'netkvm' }),
    };
    const drivers = { viostor: { inf: ['viostor.inf', 'netkvm.inf'] }, NetKVM: { inf: ['other.inf'] } };
    const release = await makeRelease({
      files: two,
      drivers,
      release: { sign: { certificates: 'drivers.pem' } },
      texts: { 'drivers.pem': pemOf(driverSigner, driverRoot) },
    });
    expect(await problemsOf(signed(release))).toEqual([
      'viostor/w7/x86/viostor.inf: names the same catalog as viostor/w7/x86/netkvm.inf: viostor.cat\n  hint: give each INF a catalog of its own',
    ]);
  });
});

describe('a release that asks for signatures', () => {
  const boot = { driver: { files: ['viostor.sys'], destination: 12, startType: 0 } } as const;

  test('is checked without a key, as if it were signed', async () => {
    const files = driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat', ...boot } });
    const refuse = { policy: { refuse: { unsigned: 'ours are signed' } } };
    const { manifest, context } = await signedRelease(files, {}, refuse);
    const { findings, problems, packages } = await checkRelease(manifest, context);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.map(({ rule }) => rule)).not.toContain('catalog/unsigned');
    expect(problems).toEqual([]);
    expect(packages.map(({ signature, verdict }) => [signature, verdict.signer])).toEqual([
      ['self-signed', 'Drivers'],
      ['self-signed', 'Drivers'],
    ]);
  });

  test('is not built without a key, nor another with one', async () => {
    const { manifest, context } = await signedRelease();
    expect(await problemsOf(buildRelease(manifest, { compression: 'zstd' }, context))).toEqual([
      expect.stringMatching(
        /release\.yaml:\d+: sign: asks for signed drivers, and no key is named\n {2}hint: give --signer-key, /,
      ),
    ]);
    const unsigned = await makeRelease({ files: drivers });
    const options = { compression: 'zstd', signer: await key() } as const;
    expect(await problemsOf(buildRelease(unsigned.manifest, options, unsigned.context))).toEqual([
      expect.stringMatching(/^key: has nothing to sign: the release has no "sign"/),
    ]);
  });

  test('says of an INF without a catalog which line to add', async () => {
    const { manifest, context } = await signedRelease(driverFolder('Win7/x86'));
    const { findings } = await checkRelease(manifest, context);
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'catalog/not-named', hint: expect.stringContaining('add "CatalogFile = viostor.cat"') },
    ]);
  });

  test('says of an INF that names its driver as its catalog what to write', async () => {
    const files = driverFolder('Win7/x86', { inf: { catalog: 'viostor.sys' } });
    const { manifest, context } = await signedRelease(files, { catalogs: 'all' });
    const { findings } = await checkRelease(manifest, context);
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'catalog/not-named',
        severity: 'error',
        message: 'CatalogFile names "viostor.sys": does not end in .cat',
        hint: 'write "CatalogFile = viostor.cat", then make the catalog again',
      }),
    );
  });
});
