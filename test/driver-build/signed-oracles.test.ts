import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { signFolder } from '../../pipeline/driver-build/sign-folder.ts';
import { writeCatalogs } from '../../pipeline/driver-build/write-catalogs.ts';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { FormatError } from '../../pipeline/formats/format-error.ts';
import { readPeHeaders } from '../../pipeline/formats/pe/headers.ts';
import { parsePe } from '../../pipeline/formats/pe/pe.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { contentOf } from '../../pipeline/formats/signature/der.ts';
import { readSignedData, type Signer } from '../../pipeline/formats/signature/signed-data.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { readSigningCertificates } from '../../pipeline/sign/certificates.ts';
import { openKeyFile } from '../../pipeline/sign/key-file.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverRoot, signingFiles } from '../builders/signing-keys.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { askOsslsigncode } from '../formats/oracles.ts';
import { realDrivers } from '../formats/reference.ts';
import { unsortedSets } from '../formats/set-order.ts';

const tables = await readOwnTables();
const { signal } = new AbortController();

async function signTree(folder: string) {
  const files = await signingFiles();
  const context = {
    workDir: folder,
    cacheDir: folder,
    signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  await writeCatalogs(await openInput(folder, context), { ...tables, folder, replace: true }, context);
  const certificates = await readSigningCertificates(files.certificates, 'certificates');
  const signer = await openKeyFile({ file: files.key, place: 'key', passphraseHint: '' });
  const how = { certificates, signer, opus: { name: 'Drivers' }, timestamps: new Map(), servers: [], folder };
  const signed = await signFolder(
    await openInput(folder, context),
    { ...how, embed: 'drivers', replace: true },
    context,
  );
  return { signed: signed.map(({ path }) => path), root: files.root };
}

/** OpenSSL sees no content in what is not an OCTET STRING, so that it gets what is signed as a file. */
async function askSmime(file: string, root: string): Promise<void> {
  const content = readSignedData(await readFile(file), 'catalog').pkcs7.content;
  if (content === undefined) throw new Error('no content');
  await writeFile(`${file}.inner`, contentOf(content, 'content'));
  const trust = ['-CAfile', root, '-purpose', 'any'];
  await execa('openssl', [
    'smime',
    '-verify',
    '-inform',
    'DER',
    '-in',
    file,
    '-content',
    `${file}.inner`,
    '-binary',
    ...trust,
  ]);
}

const drivers: Tree = {
  ...driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' }, pe: { payloadSize: 65 } }),
  ...driverFolder('Win7/x86', { inf: { catalog: 'viostor.cat' } }),
};

describe.skipIf(lacksTool('openssl', 'osslsigncode'))('what is signed here', () => {
  const signedDrivers = async () => {
    const folder = await temporaryFolder('pvdisc-signed-');
    await writeTree(folder, drivers);
    return { folder, ...(await signTree(folder)) };
  };

  test('osslsigncode accepts, catalogs and binaries', async () => {
    const { folder, signed, root } = await signedDrivers();
    expect(signed).toHaveLength(4);
    for (const path of signed) {
      const verdict = await askOsslsigncode(join(folder, path), root);
      expect(verdict, path).toMatchObject({ isVerified: true, chainErrors: [] });
      expect(verdict.held, path).toBe(verdict.calculated);
    }
  });

  test('openssl accepts, and refuses another content', async () => {
    const { folder, root } = await signedDrivers();
    const file = join(folder, 'Win10/amd64/viostor.cat');
    await askSmime(file, root);
    const bytes = await readFile(file);
    const at = bytes.indexOf(Buffer.from('viostor.sys', 'utf16le'));
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(`${file}.flipped.cat`, bytes);
    await expect(askSmime(`${file}.flipped.cat`, root)).rejects.toThrow('digest failure');
  });

  test('has every set in order, by asn1crypto too where it is installed', async () => {
    const { folder, signed } = await signedDrivers();
    for (const path of signed.filter((each) => each.endsWith('.cat'))) {
      expect(unsortedSets(await readFile(join(folder, path))), path).toEqual([]);
    }
    const catalogs = signed.filter((each) => each.endsWith('.cat'));
    await askAsn1crypto(catalogs.map((path) => join(folder, path)));
  });

  test('is refused when one byte of it is flipped, whichever', async () => {
    const { folder } = await signedDrivers();
    const catalog = await readFile(join(folder, 'Win10/amd64/viostor.cat'));
    const isRight = (bytes: Buffer) => hasRightSigner(() => parseCatalog(bytes).signature.signers);
    expect(isRight(catalog)).toBe(true);
    const unnoticed = placesOf(flips(catalog, 13).filter(isRight), catalog);
    expect(unnoticed.filter((at) => !isUnsigned(at, catalog))).toEqual([]);
    const sys = await readFile(join(folder, 'Win7/x86/viostor.sys'));
    const isRightPe = (bytes: Buffer) =>
      hasRightSigner(() =>
        readPeSignatures(bytes).flatMap(({ matches, signers }) => (matches ? signers : [])),
      );
    expect(isRightPe(sys)).toBe(true);
    const { checksumOffset } = readPeHeaders(sys);
    const { offset } = parsePe(sys).certificateTable ?? { offset: 0 };
    // Neither is covered by a signature: the checksum, the header of the certificate table, the zeros at its end.
    const isOutside = (at: number) =>
      (at >= checksumOffset && at < checksumOffset + 4) ||
      (at >= offset && at < offset + 8) ||
      at >= sys.length - 8;
    const places = placesOf(flips(sys, 17).filter(isRightPe), sys);
    expect(places.filter((at) => !isOutside(at) && !isUnsigned(at, sys))).toEqual([]);
  });
});

/** Copies of the bytes with one bit flipped, in every so many bytes. */
function flips(bytes: Buffer, step: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / step) }, (_, index) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(index * step) ^ 1, index * step);
    return copy;
  });
}

/**
 * No signature covers the NULL beside the algorithm of the signature, and the version of the SignerInfo, where Windows takes 0 as well
 * as 1.
 */
function isUnsigned(at: number, catalog: Buffer): boolean {
  const name = Buffer.from(driverRoot.name);
  const rsa = Buffer.from('06092a864886f70d0101010500', 'hex');
  const parameters = catalog.lastIndexOf(rsa) + rsa.length - 2;
  const version = catalog.lastIndexOf(Buffer.from('02010130', 'hex'), catalog.lastIndexOf(name)) + 2;
  return (at >= parameters && at < parameters + 2) || at === version;
}

function placesOf(changed: readonly Buffer[], bytes: Buffer): number[] {
  return changed.map((each) => each.findIndex((byte, at) => byte !== bytes[at]));
}

function hasRightSigner(read: () => readonly Pick<Signer, 'problem' | 'missingIssuer'>[]): boolean {
  try {
    const signers = read();
    return signers.length > 0 && signers.every((one) => (one.problem ?? one.missingIssuer) === undefined);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** Has another library read the certificates and attributes of catalogs, all in one process. */
async function askAsn1crypto(files: readonly string[]): Promise<void> {
  const asked = ['-c', setOrder, ...files];
  const { exitCode, stdout, stderr } = await execa('/usr/bin/python3', asked, { reject: false });
  if (exitCode === undefined || stderr.includes("No module named 'asn1crypto'"))
    console.warn('SKIPPED: python3-asn1crypto is not installed');
  else
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: `${files.length} sorted`,
      stderr: '',
    });
}

const setOrder = `
import sys
from asn1crypto import cms, core, parser
def check(values):
    encoded = [value.dump() for value in values]
    assert encoded == sorted(encoded), 'unsorted'
def check_catalog(path):
    data = cms.ContentInfo.load(open(path, 'rb').read())['content']
    check(data['certificates'])
    for signer in data['signer_infos']:
        check(signer['signed_attrs'])
    explicit = data['encap_content_info']['content'].dump()
    content = core.Sequence.load(explicit[2 + (explicit[1] & 0x7f if explicit[1] & 0x80 else 0):])
    members = content[4]
    assert len(members) > 0
    for index in range(len(members)):
        rest = members[index][1].contents
        encoded = []
        while rest:
            length = parser.peek(rest)
            encoded.append(rest[:length])
            rest = rest[length:]
        assert len(encoded) > 2 and encoded == sorted(encoded), 'unsorted member'
for path in sys.argv[1:]:
    check_catalog(path)
print(len(sys.argv) - 1, 'sorted', end='')
`;

describe.skipIf(lacksTool('openssl', 'osslsigncode') || realDrivers === undefined)(
  'all real driver packages',
  () => {
    test('are signed anew, and openssl, osslsigncode and the readers accept each catalog and driver', async () => {
      const folder = await temporaryFolder('pvdisc-real-');
      await execa('cp', ['-r', `${realDrivers}/.`, folder]);
      const { signed, root } = await signTree(folder);
      const catalogs = signed.filter((path) => /\.cat$/i.test(path));
      expect([catalogs.length, signed.length]).toEqual([96, 190]);
      for (const path of signed) {
        const verdict = await askOsslsigncode(join(folder, path), root);
        expect(verdict, path).toMatchObject({ isVerified: true, chainErrors: [] });
      }
      for (const path of catalogs) {
        await askSmime(join(folder, path), root);
        expect(unsortedSets(await readFile(join(folder, path))), path).toEqual([]);
      }
      await askAsn1crypto(catalogs.map((path) => join(folder, path)));
    }, 600_000);
  },
);
