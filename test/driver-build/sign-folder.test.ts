import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { folderRequests, signFolder } from '../../pipeline/driver-build/sign-folder.ts';
import { writeCatalogs } from '../../pipeline/driver-build/write-catalogs.ts';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { openKeyFile } from '../../pipeline/sign/key-file.ts';
import { recordedSigner, type Signatures } from '../../pipeline/sign/signature-files.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
import { testAuthorities, trustTestRoots } from '../builders/authority.ts';
import { digestsBelow } from '../builders/digests.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverRoot, driverSigner, signingFiles } from '../builders/signing-keys.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { unsortedSets } from '../formats/set-order.ts';
import { makeCertificate, type TestCertificate } from '../formats/signing.ts';

trustTestRoots();

const tables = await readOwnTables();
const { signal } = new AbortController();
const certificates = { leaf: readCertificate(driverSigner.der), issuers: [readCertificate(driverRoot.der)] };

const drivers: Tree = {
  ...driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' } }),
  ...driverFolder('Win7/x86', { inf: { catalog: 'viostor.cat' }, extras: { 'tool.exe': 'no program' } }),
};

async function opened(folder: string) {
  const context = {
    workDir: folder,
    cacheDir: folder,
    signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  return { context, tree: await openInput(folder, context) };
}

async function catalogued(tree = drivers) {
  const folder = await temporaryFolder('pvdisc-sign-');
  await writeTree(folder, tree);
  const { tree: source, context } = await opened(folder);
  await writeCatalogs(source, { ...tables, folder, replace: false }, context);
  return folder;
}

const how = {
  certificates,
  opus: {},
  embed: 'drivers',
  replace: false,
  timestamps: new Map(),
  servers: [],
} as const;

async function keySigner(name: 'key' | 'otherKey' = 'key') {
  const files = await signingFiles();
  return openKeyFile({ file: files[name], place: 'key', passphraseHint: '' });
}

async function signed(folder: string, more: Partial<Parameters<typeof signFolder>[1]> = {}) {
  const { tree, context } = await opened(folder);
  const signer = more.signer ?? (await keySigner());
  const records: Signatures[] = [];
  const keep = async (record: Signatures) => void records.push(record);
  const files = await signFolder(tree, { ...how, folder, signer, keep, ...more }, context);
  return { files, records };
}

describe('signFolder', () => {
  test('signs catalogs and drivers so that the readers find them right, and the same bytes again', async () => {
    const folder = await catalogued();
    const copy = await catalogued();
    const { files } = await signed(folder);
    expect(files.map(({ path, state }) => `${path} ${state}`)).toEqual([
      'Win10/amd64/viostor.cat signed',
      'Win10/amd64/viostor.sys signed',
      'Win7/x86/viostor.cat signed',
      'Win7/x86/viostor.sys signed',
    ]);
    const catalog = await readFile(join(folder, 'Win10/amd64/viostor.cat'));
    expect(unsortedSets(catalog)).toEqual([]);
    expect(parseCatalog(catalog).signature.signers).toMatchObject([
      { certificate: { commonName: 'Drivers' } },
    ]);
    expect(parseCatalog(catalog).signature.signers[0]).not.toHaveProperty('problem');
    const [embedded] = readPeSignatures(await readFile(join(folder, 'Win7/x86/viostor.sys')));
    expect(embedded).toMatchObject({ matches: true, signers: [{ certificate: { commonName: 'Drivers' } }] });
    await signed(copy);
    expect(await digestsBelow(copy)).toEqual(await digestsBelow(folder));
    const again = await signed(folder, { signer: { identity: 'k', place: 'none', sign: async () => [] } });
    expect([...new Set(again.files.map(({ state }) => state))]).toEqual(['unchanged']);
  });

  test('is asked for in two steps, with the same bytes as in one', async () => {
    const [folder, copy] = [await catalogued(), await catalogued()];
    const { records } = await signed(folder);
    const { tree, context } = await opened(copy);
    const requests = await folderRequests(tree, { ...how, folder: copy }, context);
    expect(requests).toMatchObject({ certificate: certificates.leaf.facts.sha256 });
    expect(requests.requests.flatMap(({ files }) => files).sort()).toHaveLength(4);
    const asked = requests.requests.map(({ digest }) => digest);
    const signatures = records
      .flatMap((record) => record.signatures)
      .filter(({ digest }) => asked.includes(digest));
    await signed(copy, { signer: recordedSigner({ schemaVersion: 1, signatures }, 'file') });
    expect(await digestsBelow(copy)).toEqual(await digestsBelow(folder));
  });

  test('changes nothing when one signature is missing or by another key', async () => {
    const folder = await catalogued();
    const before = await digestsBelow(folder);
    const signer = await keySigner();
    const short = { ...signer, sign: async () => [] };
    expect(await problemsOf(signed(folder, { signer: short }))).toEqual([
      expect.stringContaining('gave 0 signatures for 4 digests'),
    ]);
    expect(await problemsOf(signed(folder, { signer: await keySigner('otherKey') }))).toEqual([
      expect.stringContaining('is not by the key of "Drivers"'),
    ]);
    expect(await digestsBelow(folder)).toEqual(before);
  });

  test('notes that a certificate is short-lived where no timestamp helps', async () => {
    const end = new Date(Date.now() + 40.5 * 86_400_000).toISOString();
    const facts = { ...certificates.leaf.facts, validTo: end };
    const folder = await catalogued();
    const notes: string[] = [];
    const { tree, context } = await opened(folder);
    const note = (text: string) => notes.push(text);
    const short = { ...certificates, leaf: { ...certificates.leaf, facts } };
    const signWith = (given: typeof certificates) =>
      signFolder(
        tree,
        { ...how, folder, signer, certificates: given },
        { ...context, reporter: { ...silentReporter, note } },
      );
    const signer = await keySigner();
    await signWith(short);
    expect(notes).toEqual([
      expect.stringContaining(
        `the certificate of "Drivers" ends on ${end.slice(0, 10)}, 40 days from now, and no timestamp of a public authority keeps 4 signatures valid: `,
      ),
    ]);
    await signWith(short);
    await signed(await catalogued());
    expect(notes).toHaveLength(1);
  });

  test('signs catalogs alone, or all binaries, as it is told', async () => {
    const folder = await catalogued();
    expect((await signed(folder, { embed: 'none' })).files.map(({ path }) => path)).toEqual([
      'Win10/amd64/viostor.cat',
      'Win7/x86/viostor.cat',
    ]);
    expect(await problemsOf(signed(folder, { embed: 'all' }))).toEqual([
      expect.stringMatching(/^Win7\/x86\/tool\.exe: cannot be signed: .*\n {2}hint: build it again/),
    ]);
  });

  test('replaces signatures of others only when it is told to', async () => {
    const sys = signPe(Buffer.from(drivers['Win10/amd64/viostor.sys'] ?? ''));
    const folder = await catalogued({ ...drivers, 'Win10/amd64/viostor.sys': sys });
    expect(await problemsOf(signed(folder))).toEqual([
      'Win10/amd64/viostor.sys: has a signature of "pvdisc test"\n  hint: --replace puts yours in its place',
    ]);
    await signed(folder, { replace: true });
    const other = await catalogued();
    await signed(other);
    const name = 'Win10/amd64/viostor.sys';
    expect((await digestsBelow(folder))[name]).toBe((await digestsBelow(other))[name]);
  });

  test('keeps what Microsoft signed, whatever it is told, and not what bears its name alone', async () => {
    const signedAs = (issuer: TestCertificate | undefined) => {
      const facts = { name: 'Windows', organization: 'Microsoft Corporation', ekus: ['1.3.6.1.5.5.7.3.3'] };
      const signer = makeCertificate({ ...facts, ...(issuer !== undefined && { issuer }) });
      const others = issuer === undefined ? [] : testAuthorities;
      return signPe(Buffer.from(drivers['Win10/amd64/viostor.sys'] ?? ''), { signer, others });
    };
    const name = 'Win10/amd64/viostor.sys';
    const stateOf = async (sys: Buffer) => {
      const folder = await catalogued({ ...drivers, [name]: sys });
      const { files } = await signed(folder, { replace: true });
      const isSame = sys.equals(await readFile(join(folder, name)));
      return [files.find(({ path }) => path === name)?.state, isSame];
    };
    expect(await stateOf(signedAs(testAuthorities[0]))).toEqual(['kept', true]);
    expect(await stateOf(signedAs(undefined))).toEqual(['signed', false]);
  });

  test('signs a file again whose content is not what was signed', async () => {
    const folder = await catalogued();
    await signed(folder);
    const file = join(folder, 'Win10/amd64/viostor.sys');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(0x300) ^ 1, 0x300);
    await writeFile(file, bytes);
    const { tree, context } = await opened(folder);
    await writeCatalogs(tree, { ...tables, folder, replace: true }, context);
    const { files } = await signed(folder);
    expect(files.filter(({ state }) => state === 'signed').map(({ path }) => path)).toEqual([
      'Win10/amd64/viostor.cat',
      'Win10/amd64/viostor.sys',
    ]);
  });

  test('signs nothing where a catalog is missing or was made before a change, before or after signing', async () => {
    const folder = await temporaryFolder('pvdisc-sign-');
    await writeTree(folder, drivers);
    const refused = async () => {
      const before = await digestsBelow(folder);
      const { tree, context } = await opened(folder);
      const problems = await problemsOf(signed(folder));
      expect(await problemsOf(folderRequests(tree, { ...how, folder }, context))).toEqual(problems);
      expect(await digestsBelow(folder)).toEqual(before);
      return problems;
    };
    const unmade = (path: string) =>
      `${path}/viostor.inf: its catalog viostor.cat is not there, so that Windows would take its driver for unsigned\n  hint: write it first: pvdisc catalog ${folder}`;
    expect(await refused()).toEqual([unmade('Win10/amd64'), unmade('Win7/x86')]);
    const written = async () => {
      const { tree, context } = await opened(folder);
      await writeCatalogs(tree, { ...tables, folder, replace: true }, context);
    };
    await written();
    await appendFile(join(folder, 'Win7/x86/viostor.inf'), '; changed\r\n');
    const stale = [
      `Win7/x86/viostor.cat: does not hold viostor.inf as it is now, so that Windows would take the driver for unsigned\n  hint: write it again: pvdisc catalog ${folder} --replace`,
    ];
    expect(await refused()).toEqual(stale);
    await written();
    await signed(folder);
    await appendFile(join(folder, 'Win7/x86/viostor.inf'), '; again\r\n');
    expect(await refused()).toEqual(stale);
  });

  test('takes a catalog for the architectures that it was made for, and notes another that is not there', async () => {
    const other = '[viostor_Install.NTx86]\r\nCopyFiles = x86_Files\r\n[x86_Files]\r\nviostor32.sys\r\n';
    const both = driverFolder('Win10/amd64', {
      inf: { catalog: 'viostor.cat', decorations: ['NTamd64.10.0', 'NTx86.10.0'] },
      extras: { 'viostor32.sys': driverFolder('Win10/x86')['Win10/x86/viostor.sys'] ?? '' },
    });
    const inf = `${both['Win10/amd64/viostor.inf']}${other}`;
    const notesOf = async (text: string) => {
      const folder = await catalogued({ ...both, 'Win10/amd64/viostor.inf': text });
      const { tree, context } = await opened(folder);
      const notes: string[] = [];
      const reporter = { ...silentReporter, note: (note: string) => notes.push(note) };
      await signFolder(tree, { ...how, folder, signer: await keySigner() }, { ...context, reporter });
      return notes;
    };
    expect(await notesOf(inf)).toEqual([]);
    const one = 'CatalogFile.NTamd64 = viostor.cat';
    expect(await notesOf(inf.replace('CatalogFile = viostor.cat', one))).toEqual([]);
    const two = `${one}\r\nCatalogFile.NTx86 = x86.cat`;
    expect(await notesOf(inf.replace('CatalogFile = viostor.cat', two))).toEqual([
      'Win10/amd64/viostor.inf: its catalog x86.cat is not there, so that it stays unsigned for x86',
    ]);
  });

  test('says how many files are signed when one cannot be replaced, and goes on in a second run', async () => {
    const folder = await catalogued();
    const file = join(folder, 'Win10/amd64/viostor.sys');
    const bytes = await readFile(file);
    const keep = async () => {
      await rm(file);
      await mkdir(file);
    };
    expect(await problemsOf(signed(folder, { keep }))).toEqual([
      expect.stringMatching(
        /Win10\/amd64\/viostor\.sys: illegal operation on a directory; 1 of 4 files were replaced before\n {2}hint: .* run again: that goes on with the others$/,
      ),
    ]);
    await rm(file, { recursive: true });
    await writeFile(file, bytes);
    expect((await signed(folder)).files.map(({ state }) => state)).toEqual([
      'unchanged',
      'signed',
      'signed',
      'signed',
    ]);
  });

  test('leaves files as they were when the new ones cannot be written', async () => {
    const folder = await catalogued();
    await mkdir(join(folder, 'Win7/x86/viostor.sys.pvdisc-new'));
    const before = await digestsBelow(folder);
    await expect(signed(folder)).rejects.toThrow('EISDIR');
    expect(await digestsBelow(folder)).toEqual(before);
  });
});
