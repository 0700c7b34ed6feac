import { testAuthorities, testVendor } from '../../builders/authority.ts';
import { type CatalogOptions, withCatalog } from '../../builders/catalog.ts';
import { driverWith, type PeChanges } from '../../builders/changed-pe.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';
import { type PeSigningOptions, signPe } from '../../builders/signed-pe.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { withDamagedVersion, withOtherName, withOtherSignature, withUnreadableSignature } from './damage.ts';

/** A package with a damaged binary or catalog, and what finds the damage. */
export interface DamagedPackage {
  readonly damage: string;
  /** The page that says what is right. */
  readonly source: string;
  readonly files: Tree;
  /** All rules that find something. */
  readonly rules: readonly string[];
}

const folder = 'Win11/amd64';
const [sysPath, catPath] = [`${folder}/viostor.sys`, `${folder}/viostor.cat`];
const kernel = { 'ntoskrnl.exe': ['IoCreateDevice'] };
const codeSigning = '1.3.6.1.5.5.7.3.3';

function damaged(damage: string, source: string, files: Tree, rules: string): DamagedPackage {
  return { damage, source, files, rules: rules.split(' ') };
}

/** The catalog is made after the damage, as a packager does who does not notice it. */
function binary(damage: string, source: string, changes: PeChanges, rules: string): DamagedPackage {
  return damaged(damage, source, withCatalog(driverWith(folder, changes)), rules);
}

function header(damage: string, change: (file: Buffer) => void, rules: string): DamagedPackage {
  const tree = driverWith(folder, {});
  const file = Buffer.from(tree[sysPath] ?? '');
  change(file);
  return damaged(damage, 'PE Format', withCatalog({ ...tree, [sysPath]: file }), rules);
}

/** A change of headers after which the checksum is right again. */
function repaired(damage: string, change: (file: Buffer) => void, rules: string): DamagedPackage {
  const both = (file: Buffer) => {
    change(file);
    file.writeUInt32LE(peChecksum(file), peFacts(file).checksumOffset);
  };
  return header(damage, both, rules);
}

function signed(
  damage: string,
  options: PeSigningOptions,
  startType: 0 | 3,
  rules: string,
  change: (file: Buffer) => Buffer = (file) => file,
): DamagedPackage {
  const tree = driverFolder(folder, {
    inf: { driver: { files: ['viostor.sys'], destination: 12, startType } },
  });
  const file = change(signPe(Buffer.from(tree[sysPath] ?? ''), options));
  return damaged(damage, 'Driver Signing', withCatalog({ ...tree, [sysPath]: file }), rules);
}

function catalog(damage: string, source: string, options: CatalogOptions, rules: string): DamagedPackage {
  return damaged(damage, source, withCatalog(driverFolder(folder), options), rules);
}

function catalogBytes(damage: string, change: (file: Buffer) => Uint8Array, rules: string): DamagedPackage {
  const tree = withCatalog(driverFolder(folder));
  const file = change(Buffer.from(tree[catPath] ?? ''));
  return damaged(damage, 'Catalog Files and Digital Signatures', { ...tree, [catPath]: file }, rules);
}

const vendor = { signer: testVendor, others: testAuthorities };
const usable = (options: { readonly ekus?: string[]; readonly keyUsage?: number }) =>
  makeCertificate({ name: 'Damaged', ...options });

const binaries: readonly DamagedPackage[] = [
  binary('a checksum of another build', 'PE Format', { checksum: 0x1234 }, 'pe/wrong-checksum'),
  binary('no checksum', 'PE Format', { checksum: 0 }, 'pe/wrong-checksum'),
  binary('the subsystem of a console program', '/SUBSYSTEM', { subsystem: 3 }, 'pe/not-loadable'),
  binary('the subsystem of a window program', '/SUBSYSTEM', { subsystem: 2 }, 'pe/not-loadable'),
  binary('the subsystem of an EFI driver', '/SUBSYSTEM', { subsystem: 11 }, 'pe/not-loadable'),
  binary('no entry point', 'PE Format', { entryPoint: 0 }, 'pe/not-loadable'),
  binary('a section that overlaps the next', 'PE Format', { virtualSize: 0x2000 }, 'pe/not-loadable'),
  ...['KERNEL32.dll', 'USER32.dll', 'ADVAPI32.dll', 'ntdll.dll', 'msvcrt.dll'].map((library) =>
    binary(
      `an import of ${library}`,
      'PE Format',
      { imports: { ...kernel, [library]: ['f'] } },
      'pe/not-loadable',
    ),
  ),
  binary('an import of an unknown module', 'PE Format', { imports: { 'h.sys': ['f'] } }, 'pe/unknown-import'),
  ...Object.entries({
    'ntoskrnl.exe': 'ExAllocatePoolWithTga',
    'HAL.dll': 'KeStallExecutionProcesor',
    'storport.sys': 'StorPortInitialise',
    'NDIS.SYS': 'NdisMRegisterMiniportDrvier',
  }).map(([module, name]) =>
    binary(
      `an import of ${name} of ${module}`,
      'PE Format',
      { imports: { [module]: [name] } },
      'pe/unknown-import',
    ),
  ),
  binary('a path with a user name', '/PDBALTPATH', { symbolPath: 'C:\\Users\\jane\\v.pdb' }, 'pe/build-path'),
  binary('a version of a debug build', 'VERSIONINFO resource', { isDebug: true }, 'pe/debug-build'),
  binary(
    'a path of a debug build',
    'VERSIONINFO resource',
    { symbolPath: 'd:\\viostor\\Win11Debug\\x64\\viostor.pdb' },
    'pe/debug-build',
  ),
  binary(
    'a section that is writable and executable',
    'Implement HVCI compatible code',
    { firstSection: { name: 'hook', characteristics: 0xe000_0020 } },
    'pe/memory-integrity',
  ),
  binary(
    'import addresses in code',
    'Implement HVCI compatible code',
    { imports: kernel, importsInCode: true },
    'pe/memory-integrity',
  ),
  binary(
    'sections aligned to 512 bytes',
    'Implement HVCI compatible code',
    { sectionAlignment: 0x200 },
    'pe/memory-integrity',
  ),
  repaired(
    'the machine x86',
    (file) => file.writeUInt16LE(0x14c, peFacts(file).checksumOffset - 84),
    'pe/wrong-machine',
  ),
  repaired(
    'the machine ARM64',
    (file) => file.writeUInt16LE(0xaa64, peFacts(file).checksumOffset - 84),
    'pe/wrong-machine',
  ),
  header('no MZ', (file) => file.write('XX', 0, 'latin1'), 'pe/unreadable'),
  header('no PE signature', (file) => file.writeUInt32LE(0, file.readUInt32LE(0x3c)), 'pe/unreadable'),
  header(
    'an offset of the headers beyond the end',
    (file) => file.writeUInt32LE(0x7fff_ffff, 0x3c),
    'pe/unreadable',
  ),
  damaged(
    'a version block without a length',
    'VERSIONINFO resource',
    withCatalog({
      ...driverFolder(folder),
      [sysPath]: withDamagedVersion(Buffer.from(driverFolder(folder)[sysPath] ?? '')),
    }),
    'pe/unreadable-version',
  ),
  ...(['0.1.0.2', '1.1.0.1'] as const).map((version) =>
    damaged(
      `the version ${version} and another DriverVer`,
      'INF DriverVer Directive',
      withCatalog(driverFolder(folder, { pe: { version } })),
      'pe/version-mismatch',
    ),
  ),
  ...[
    ['an empty file', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4096)],
    ['a web page', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n')],
    ['an archive', Buffer.from('504b0304140000000800', 'hex')],
  ].map(([what, bytes]) =>
    damaged(
      `${String(what)} as driver`,
      'PE Format',
      withCatalog({ ...driverFolder(folder), [sysPath]: bytes ?? '' }),
      'pe/unreadable',
    ),
  ),
  damaged(
    'no embedded signature of a boot driver',
    'Driver Signing',
    bootDriver(),
    'pe/unsigned-boot-driver',
  ),
  signed('a signature of other bytes', { ...vendor, matches: false }, 3, 'pe/broken-signature'),
  signed('a signature that is no ASN.1', vendor, 3, 'pe/broken-signature', withUnreadableSignature),
  signed(
    'data after the signature',
    { ...vendor, unsignedData: Buffer.alloc(64, 0x41) },
    3,
    'pe/weak-signature',
  ),
  signed('a signature with SHA-1 on a boot driver', { ...vendor, digest: 'sha1' }, 0, 'pe/weak-signature'),
  signed('a signature with MD5 on a boot driver', { ...vendor, digest: 'md5' }, 0, 'pe/weak-signature'),
];

const catalogs: readonly DamagedPackage[] = [
  catalog('no signature', 'Catalog Files', { unsigned: true }, 'catalog/unsigned'),
  catalog('no digest of the driver', 'Catalog Files', { omit: ['viostor.sys'] }, 'catalog/payload-mismatch'),
  catalog('no digest of the INF', 'Catalog Files', { omit: ['viostor.inf'] }, 'catalog/inf-mismatch'),
  catalog(
    'the digest of another driver',
    'Catalog Files',
    { instead: { 'viostor.sys': 'x' } },
    'catalog/payload-mismatch',
  ),
  catalog(
    'the digest of another INF',
    'Catalog Files',
    { instead: { 'viostor.inf': 'x' } },
    'catalog/inf-mismatch',
  ),
  catalog(
    'another name of the driver',
    'Inf2Cat',
    { names: { 'viostor.sys': 'old.sys' } },
    'catalog/odd-name',
  ),
  catalog('another name of the INF', 'Inf2Cat', { names: { 'viostor.inf': 'old.inf' } }, 'catalog/odd-name'),
  catalog('Windows 7 alone', 'Inf2Cat', { osAttr: '2:6.1' }, 'catalog/older-os'),
  catalog('another hardware ID', 'Inf2Cat', { hardwareIds: ['ROOT\\OTHER'] }, 'catalog/missing-hardware-id'),
  catalog(
    'a certificate for servers',
    'CERT_E_WRONG_USAGE',
    { signer: usable({ ekus: ['1.3.6.1.5.5.7.3.1'] }) },
    'catalog/unfit-certificate',
  ),
  catalog(
    'a certificate for mail',
    'CERT_E_WRONG_USAGE',
    { signer: usable({ ekus: ['1.3.6.1.5.5.7.3.4'] }) },
    'catalog/unfit-certificate',
  ),
  catalog(
    'a key for certificates alone',
    'RFC 5280, 4.2.1.3',
    { signer: usable({ ekus: [codeSigning], keyUsage: 0x04 }) },
    'catalog/unfit-certificate',
  ),
  catalog(
    'an expired certificate',
    'Time Stamping',
    { signer: makeCertificate({ name: 'Old', validity: ['200101000000Z', '210101000000Z'] }) },
    'catalog/certificate-dates',
  ),
  catalog(
    'a certificate that begins later',
    'Time Stamping',
    { signer: makeCertificate({ name: 'New', validity: ['300101000000Z', '390101000000Z'] }) },
    'catalog/certificate-dates',
  ),
  catalogBytes('a changed name', withOtherName, 'catalog/broken-signature'),
  catalogBytes('a changed signature', withOtherSignature, 'catalog/broken-signature'),
  catalogBytes('an empty catalog', () => Buffer.alloc(0), 'catalog/unreadable'),
  catalogBytes('half of a catalog', (file) => file.subarray(0, file.length >> 1), 'catalog/unreadable'),
  catalogBytes(
    'a catalog in PEM',
    (file) => Buffer.from(`-----BEGIN PKCS7-----\n${file.toString('base64')}\n-----END PKCS7-----\n`),
    'catalog/unreadable',
  ),
  catalogBytes('zeros', (file) => Buffer.alloc(file.length), 'catalog/unreadable'),
  catalogBytes(
    'a web page',
    () => Buffer.from('<!doctype html><title>Sign in</title>'),
    'catalog/unreadable',
  ),
  catalogBytes(
    'line feeds made CRLF',
    (file) => Buffer.from(file.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    'catalog/unreadable',
  ),
];

export const damagedPackages: readonly DamagedPackage[] = [...binaries, ...catalogs];

function bootDriver(): Tree {
  const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
  return withCatalog(driverFolder(folder, { inf: { driver } }));
}
