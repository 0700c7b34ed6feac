import { createHash, sign } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { readCabinetSignature } from '../../pipeline/formats/cab/cabinet.ts';
import { embedSignature } from '../../pipeline/formats/pe/embed.ts';
import { signatureRequestsSchema } from '../../pipeline/sign/signature-files.ts';
import { submission } from '../../pipeline/sources/submission/submission.ts';
import {
  type SubmissionRecord,
  submissionSchema,
} from '../../pipeline/sources/submission/submission-schema.ts';
import { testAuthorities, testVendor, trustTestRoots } from '../builders/authority.ts';
import { driverCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeSignedRelease } from '../builders/signed-release.ts';
import { signingFiles } from '../builders/signing-keys.ts';
import { makeSetting } from '../builders/source-setting.ts';
import { buildZip } from '../builders/zip.ts';
import { makeCertificate, type TestCertificate } from '../formats/signing.ts';

trustTestRoots('3B1EFD3A66EA28B16697394703A72CA340A05BD5'); // as one of Microsoft's for drivers

const name = 'test-disc-1.2.3-amd64';

interface Sent {
  readonly bytes: Buffer;
  readonly record: SubmissionRecord;
  readonly stdout: string;
  /** The files of the cabinet by their paths. */
  readonly files: Readonly<Record<string, Buffer>>;
}

async function submitted(args: readonly string[] = []): Promise<Sent> {
  const { file } = await writeSignedRelease();
  const out = await temporaryFolder('pvdisc-submission-');
  const { exitCode, stdout, stderr } = await pvdisc(['submission', file, '--out', out, ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect((await readdir(out)).sort()).toEqual([`${name}.cab`, `${name}.json`]);
  const unpacked = await temporaryFolder('pvdisc-unpacked-');
  await execa('gcab', ['--extract', '--directory', unpacked, join(out, `${name}.cab`)]);
  const names = await readdir(join(unpacked, 'viostor-2k22'));
  const contents = names.map(async (one) => [
    `viostor-2k22/${one}`,
    await readFile(join(unpacked, 'viostor-2k22', one)),
  ]);
  return {
    bytes: await readFile(join(out, `${name}.cab`)),
    record: submissionSchema.parse(JSON.parse(await readFile(join(out, `${name}.json`), 'utf8'))),
    stdout: stdout.replaceAll(out, 'OUT'),
    files: Object.fromEntries(await Promise.all(contents)),
  };
}

/** Opens what Microsoft returned as a source. */
async function returned(record: SubmissionRecord, files: Readonly<Record<string, Uint8Array>>) {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'Signed.zip'), await buildZip(files));
  await writeFile(join(setting.base, 'record.json'), JSON.stringify(record));
  const spec = { type: 'submission' as const, path: 'Signed.zip', record: 'record.json' };
  return submission.open(spec, setting.request(), setting.context);
}

function catalogOf(signer: TestCertificate, ...issuers: readonly TestCertificate[]): Buffer {
  return driverCatalog({ files: [], osAttr: '2:10.0', signer, issuers });
}

describe.skipIf(lacksTool('gcab'))('pvdisc submission', () => {
  let made: Promise<Sent> | undefined;
  const once = () => {
    made ??= submitted();
    return made;
  };

  test('writes a cabinet for Windows 10 and later, with a record', async () => {
    const sent = await once();
    const [first, ...others] = sent.stdout.split('\n');
    expect(first).toBe(`OUT/${name}.cab: 1 driver package, not signed`);
    expect(others[0]).toContain('Partner Center takes signed cabinets only');
    expect(others[1]).toMatch(/^without debug symbols .*: viostor\/\w+\/amd64\/viostor\.sys$/);
    expect(others.slice(2)).toEqual([
      'left out, since attestation is for Windows 10 and later: 1 driver package',
      '',
    ]);
    expect(Object.keys(sent.files).sort()).toEqual(
      ['cat', 'inf', 'sys'].map((ending) => `viostor-2k22/viostor.${ending}`),
    );
    const { cabinet, folders } = sent.record;
    expect(cabinet.sha256).toBe(createHash('sha256').update(sent.bytes).digest('hex'));
    expect(folders.map(({ folder }) => folder)).toEqual(['viostor-2k22']);
    expect(folders[0]?.paths).toContain('viostor/w10/amd64');
  });

  test('gives the same bytes again, and the same files signed', async () => {
    const sent = await once();
    expect((await submitted()).bytes.equals(sent.bytes)).toBe(true);
    const { key, certificates } = await signingFiles();
    const signed = await submitted(['--certificates', certificates, '--signer-key', key]);
    expect(signed.stdout).toContain('1 driver package, signed');
    expect(readCabinetSignature(signed.bytes)).toMatchObject({ matches: true });
    expect(signed.files).toEqual(sent.files);
    expect(signed.record.folders).toEqual(sent.record.folders);
  });

  test('is signed in two steps with the same bytes, and sign-requests refuses what is not for cabinets', async () => {
    const { file } = await writeSignedRelease();
    const { certificates, key, folder } = await signingFiles();
    const requests = join(folder, 'requests.json');
    const ask = ['sign-requests', file, '--submission', '--certificates', certificates];
    expect(await pvdisc([...ask, '--output', requests])).toMatchObject({
      exitCode: 0,
      stdout: `${requests}: 1 digest to sign\n`,
    });
    const [asked] = signatureRequestsSchema.parse(JSON.parse(await readFile(requests, 'utf8'))).requests;
    expect(asked?.files).toEqual([`${name}.cab`]);
    const signature = sign(
      'sha256',
      Buffer.from(asked?.signedAttributes ?? '', 'base64'),
      await readFile(key),
    );
    const signatures = join(folder, 'signatures.json');
    const answer = { digest: asked?.digest, signature: signature.toString('base64') };
    await writeFile(signatures, JSON.stringify({ schemaVersion: 1, signatures: [answer] }));
    const elsewhere = await submitted(['--certificates', certificates, '--signatures', signatures]);
    const here = await submitted(['--certificates', certificates, '--signer-key', key]);
    expect(elsewhere.bytes.equals(here.bytes)).toBe(true);
    for (const [args, said] of [
      [[...ask, '--embed', 'all'], '--embed: is for drivers; cabinets have no signature before'],
      [['sign-requests', file, '--submission'], 'option --certificates is missing'],
      [['sign-requests', folder, '--submission'], `is for a release, and ${folder} is no YAML file`],
    ] as const)
      expect(await pvdisc(args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
  });

  test('refuses half of the options of a key', async () => {
    const { file } = await writeSignedRelease();
    const { certificates, key } = await signingFiles();
    expect(await pvdisc(['submission', file, '--signer-key', key])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('option --certificates is missing'),
    });
    expect(await pvdisc(['submission', file, '--certificates', certificates])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('pvdisc submission: no key is named'),
    });
    expect(await readdir(dirname(file))).not.toContain('submission');
  });

  test('a record whose folders lead out of the disc is refused', async () => {
    const { record } = await once();
    const folders = record.folders.map((folder) => ({ ...folder, paths: ['../../viostor/w10/amd64'] }));
    expect(await problemsOf(returned({ ...record, folders }, {}))).toEqual([
      expect.stringContaining('record.json: is no record of a submission'),
    ]);
  });

  test('what comes back with other catalogs and signatures is a source, at the paths of the disc', async () => {
    const { record, files } = await once();
    const resigned = embedSignature(
      files['viostor-2k22/viostor.sys'] ?? Buffer.alloc(0),
      Buffer.from('3003020100', 'hex'),
    );
    const tree = await returned(record, {
      'drivers/viostor-2k22/viostor.inf': files['viostor-2k22/viostor.inf'] ?? Buffer.alloc(0),
      'drivers/viostor-2k22/VIOSTOR.SYS': resigned,
      'drivers/viostor-2k22/viostor.cat': catalogOf(testVendor, ...testAuthorities),
    });
    const paths = record.folders.flatMap((folder) => folder.paths);
    expect(paths.length).toBeGreaterThan(1);
    expect(tree.files.map(({ path }) => path)).toEqual(
      paths.flatMap((path) => ['cat', 'inf', 'sys'].map((ending) => `${path}/viostor.${ending}`)).sort(),
    );
  });

  test('a catalog that has the name of Microsoft and another root is refused', async () => {
    const { record, files } = await once();
    const self = makeCertificate({ name: 'Microsoft Windows Hardware Compatibility Publisher' });
    const forged = returned(record, {
      ...files,
      'viostor-2k22/viostor.cat': catalogOf(self),
    });
    await expect(forged).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          message: 'is not signed by Microsoft: its chain ends elsewhere',
          place: expect.stringContaining('viostor-2k22/viostor.cat'),
        },
      ],
    });
    const unsigned = returned(record, files);
    await expect(unsigned).rejects.toMatchObject({
      problems: [{ message: 'is not signed by Microsoft: its chain ends elsewhere' }],
    });
  });

  test('another INF or binary, and what is missing or more, are all refused', async () => {
    const { record, files } = await once();
    const inf = Buffer.concat([files['viostor-2k22/viostor.inf'] ?? Buffer.alloc(0), Buffer.from('\r\n')]);
    const sys = Buffer.from(files['viostor-2k22/viostor.sys'] ?? Buffer.alloc(0));
    sys.writeUInt8(sys.readUInt8(sys.length - 9) ^ 1, sys.length - 9);
    const changed = returned(record, {
      'drivers/viostor-2k22/viostor.inf': inf,
      'drivers/viostor-2k22/viostor.sys': sys,
      'drivers/viostor-2k22/more.dll': Buffer.from('x'),
      'drivers/other/a.sys': Buffer.from('x'),
    });
    await expect(changed).rejects.toMatchObject({
      kind: 'input',
      problems: [
        { message: 'was not sent: its folder is not in the record' },
        {
          message: 'was sent and did not come back',
          place: expect.stringContaining('viostor-2k22/viostor.cat'),
        },
        { message: 'is not the file that was sent', place: expect.stringContaining('viostor.inf') },
        { message: 'is not the file that was sent', place: expect.stringContaining('viostor.sys') },
        { message: 'was not sent', place: expect.stringContaining('more.dll') },
      ],
    });
  });

  test('a record that is none is refused', async () => {
    const wrong = returned({ ...(await once()).record, folders: [] }, { 'a/b': Buffer.from('x') });
    await expect(wrong).rejects.toThrow('record.json: is no record of a submission');
  });
});
