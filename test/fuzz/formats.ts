import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { RunContext } from '../../pipeline/core/context.ts';
import { PipelineError } from '../../pipeline/core/errors.ts';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { listArMembers } from '../../pipeline/formats/deb/ar.ts';
import { parseControl } from '../../pipeline/formats/deb/control.ts';
import { FormatError } from '../../pipeline/formats/format-error.ts';
import { readIso } from '../../pipeline/formats/iso9660/index.ts';
import { readArmour, signaturePackets } from '../../pipeline/formats/openpgp/openpgp.ts';
import { withRandomAccess } from '../../pipeline/formats/random-access.ts';
import { parseDigests } from '../../pipeline/formats/sums.ts';
import { releaseSchema } from '../../pipeline/manifest/release-schema.ts';
import { readYamlFile } from '../../pipeline/manifest/yaml-file.ts';
import { startExtraction } from '../../pipeline/sources/archive/extraction.ts';
import { unpackTar } from '../../pipeline/sources/archive/tar.ts';
import { unpackZip } from '../../pipeline/sources/archive/zip.ts';
import { writeAr } from '../builders/changed-deb.ts';
import { buildIso } from '../builders/iso.ts';
import { buildTar } from '../builders/tar.ts';
import { buildZip } from '../builders/zip.ts';
import type { HostileCase } from '../hostile/case.ts';
import { hostileDiscs } from '../hostile/discs.ts';
import { hostileTars } from '../hostile/tars.ts';
import { hostileZips } from '../hostile/zips.ts';
import { readBinary, readCatalog, readPackage } from './readers.ts';
import type { Seeds } from './recipe.ts';
import { seedsOf } from './seeds.ts';
import { catalogWords, infWords, peWords } from './words.ts';

/** What `scripts/fuzz` feeds: inputs to start from, pieces of the format, and the reader; `file` holds the same bytes. */
export interface FuzzedFormat {
  readonly seeds: () => Seeds | Promise<Seeds>;
  readonly words: readonly string[];
  readonly read: (bytes: Buffer, file: string) => unknown;
}

const subject = { place: 'fuzz', name: 'input' };
const { signal } = new AbortController();
const context: RunContext = {
  workDir: '/nowhere',
  cacheDir: '/nowhere',
  signal,
  reporter: silentReporter,
  overrides: new Map(),
};

export const fuzzedFormats: Readonly<Record<string, FuzzedFormat>> = {
  inf: { seeds: () => seedsOf(/\.inf$/i), words: infWords, read: readPackage },
  catalog: { seeds: () => seedsOf(/\.cat$/i), words: catalogWords, read: readCatalog },
  pe: { seeds: () => seedsOf(/\.(sys|dll|exe)$/i), words: peWords, read: readBinary },
  iso: {
    seeds: async () => ({
      ...(await hostile(hostileDiscs)),
      made: await buildIso({ 'a/b.inf': 'inf', 'a/c.sys': 'sys', 'd.msi': 'msi' }, [
        '-r',
        '-J',
        '-joliet-long',
      ]),
    }),
    words: [
      'CD001',
      '\x01CD001\x01',
      'RR\x05\x01\x81',
      'NM',
      'CE',
      'CL',
      'SL',
      'PX',
      'SP\x07\x01\xbe\xef',
      'ER',
      'ST',
    ],
    read: (_, file) => readIso(file, { subject, limits: defaultLimits, signal }),
  },
  tar: {
    seeds: async () => {
      const all = await hostile(hostileTars);
      const plain = Object.entries(all).filter(([, bytes]) => bytes[0] !== 0x1f);
      return { ...Object.fromEntries(plain), made: await buildTar({ 'a/b.inf': 'inf', 'a/c.sys': 'sys' }) };
    },
    words: [
      'ustar\x0000',
      'ustar  \0',
      '././@LongLink',
      '30 path=a\n',
      'GNU.sparse.',
      '\x80\0\0\0',
      '\0',
      '0',
      'x',
      'g',
      'L',
    ],
    read: async (bytes) => {
      for (const asDpkg of [false, true]) {
        await unpackTar(Readable.from([bytes]), { ...extraction(bytes.length), asDpkg });
      }
    },
  },
  zip: {
    seeds: async () => ({
      ...(await hostile(hostileZips)),
      made: await buildZip({ 'a/b.inf': 'inf', 'c.sys': '' }),
    }),
    words: [
      'PK\x01\x02',
      'PK\x03\x04',
      'PK\x05\x06',
      'PK\x06\x06',
      'PK\x06\x07',
      '\x01\0\x1c\0',
      '\xff\xff\xff\xff',
      'up',
    ],
    read: (bytes, file) => unpackZip(file, extraction(bytes.length)),
  },
  ar: {
    seeds: () => ({
      deb: writeAr(
        ['debian-binary', 'control.tar.xz', 'data.tar.zst'].map((name) => ({
          name,
          bytes: Buffer.from(name),
        })),
      ),
    }),
    words: ['!<arch>\n', '`\n', 'data.tar', '/', ' ', '9999999999'],
    read: (_, file) => withRandomAccess(file, (archive) => listArMembers(archive, subject)),
  },
  control: {
    seeds: () => ({ control: Buffer.from(readFileSync('debian/control')) }),
    words: ['\n', '\n ', '\n.', ': ', '#', '\n\n', 'Package: a\n', '\r', '\0'],
    read: (bytes) => parseControl(bytes.toString(), 'control'),
  },
  openpgp: {
    seeds: () => {
      const packets = Buffer.from('88020000c203000000c2ff0000000100', 'hex');
      const armour = ['BEGIN PGP SIGNATURE', '', packets.toString('base64'), 'END PGP SIGNATURE'];
      const lines = armour.map((line) => (line.includes('PGP') ? `-----${line}-----` : line));
      return { packets, armoured: Buffer.from(`${lines.join('\n')}\n`) };
    },
    words: [
      '-----BEGIN PGP SIGNATURE-----\n',
      '-----END PGP SIGNATURE-----',
      '\n\n',
      '=',
      '\xc2',
      '\x88',
      '\xff',
      '- ',
    ],
    read: (bytes) => [readArmour(bytes.toString('latin1')), signaturePackets(bytes)],
  },
  sums: {
    seeds: () => ({ sums: Buffer.from(`${'a1'.repeat(32)}  a/b.sys\n${'B2'.repeat(32)} *./c\r\n`) }),
    words: ['\n', '\r', '  ', ' *', './', '..', '\\', '/', 'ab'.repeat(32)],
    read: (bytes) => parseDigests(bytes.toString(), subject),
  },
  manifest: {
    seeds: () =>
      Object.fromEntries(
        readdirSync('drivers-manifest/releases').map((name) => [
          name,
          readFileSync(join('drivers-manifest/releases', name)),
        ]),
      ),
    words: [
      '\n',
      ': ',
      '- ',
      '&a ',
      '*a',
      '<<: ',
      '!!',
      '|\n',
      '>-\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '? ',
      '---\n',
      '%YAML 1.1\n',
      '\t',
    ],
    read: async (bytes, file) => {
      await writeFile(file, bytes);
      const { problems } = await readYamlFile(file, releaseSchema);
      if (problems[0] !== undefined) throw new PipelineError('input', problems);
    },
  },
};

/** Tells whether a reader may end with this error. */
export function isRefusal(error: unknown): boolean {
  return error instanceof FormatError || (error instanceof PipelineError && error.kind === 'input');
}

/** Reads every byte of every file and writes none. */
function extraction(packedBytes: number) {
  const request = { id: 'fuzz', place: 'fuzz', baseDir: '.', scratch: '/nowhere', skip: () => false };
  const write = async (_: string, chunks: AsyncIterable<Buffer>) => {
    for await (const _ of chunks);
  };
  return { ...startExtraction({ subject, packedBytes }, request, context), write };
}

async function hostile(cases: readonly HostileCase[]): Promise<Seeds> {
  const made = await Promise.all(cases.map(async ({ name, bytes }) => [name, await bytes()] as const));
  return Object.fromEntries(made.filter(([, bytes]) => bytes.length <= 400_000));
}
