import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const reference = path.resolve(import.meta.dirname, '../../../shared/reference');

/** Whether the reference files (expected values and real INFs and catalogs) lie beside the repository. */
export const hasReference = existsSync(path.join(reference, 'golden.json'));

/** Folder of real driver files, from the environment variable PVDISC_REAL_DRIVERS; undefined when not set. */
export const realDrivers = process.env.PVDISC_REAL_DRIVERS;

if (!hasReference)
  console.warn('SKIPPED: ../shared/reference is absent, so no golden tests of INFs and catalogs');
if (realDrivers === undefined)
  console.warn('SKIPPED: PVDISC_REAL_DRIVERS is not set, so no tests of real drivers');

/** Expected values, by path under `reference/drivers`; computed by another program. */
export interface Golden {
  readonly inf: Record<string, GoldenInf>;
  readonly cat: Record<string, GoldenCatalog>;
  readonly pe: Record<string, GoldenPe>;
}

export interface GoldenInf {
  readonly catalogFile: string;
  readonly class: string;
  readonly classGuid: string;
  readonly decorations: string[];
  readonly driverVer: [string, string];
  readonly duplicateSections: string[];
  readonly encoding: string;
  readonly eol: 'crlf' | 'lf';
  readonly hardwareIds: string[];
  readonly provider: string;
  readonly sourceDisksFiles: string[];
}

export interface GoldenMember {
  readonly alg: 'sha1' | 'sha256';
  readonly diskFile: string;
  readonly file: string;
  readonly hasIndirectData: boolean;
  readonly match: 'asis' | 'crlf' | 'mixed';
  readonly lfLines?: number[];
  readonly osAttr: string;
  readonly pe: boolean;
  readonly tag: string;
}

export interface GoldenCatalog {
  readonly countersign: string;
  readonly ctlSha256: string;
  readonly digest: 'sha1' | 'sha256';
  readonly hwids: string[];
  readonly issuer: string;
  readonly listId: string;
  readonly memberOid: string;
  readonly members: GoldenMember[];
  readonly obsoleteLinks: boolean;
  readonly os: string;
  readonly signer: string;
  readonly thisUpdate: string;
  readonly tsTime: string;
}

export interface GoldenPe {
  readonly authenticode: { sha1: string; sha256: string };
  readonly cert_offset: number;
  readonly cert_size: number;
  readonly checksum: string;
  readonly countersign: string;
  readonly embeddedAlg: 'sha1' | 'sha256';
  readonly embeddedMatches: boolean;
  readonly fileVersion: string | null;
  readonly issuer: string;
  readonly machine: 'x86' | 'amd64';
  readonly signer: string;
  readonly size: number;
  readonly subsystem: number;
  readonly timestamp: number;
  readonly tsTime: string;
}

/** The expected values; empty when the reference files are absent. */
export const golden: Golden = hasReference
  ? (JSON.parse(readFileSync(path.join(reference, 'golden.json'), 'utf8')) as Golden)
  : { inf: {}, cat: {}, pe: {} };

/** Reads a real INF or catalog by its golden name. */
export function readReference(name: string): Uint8Array {
  return readFileSync(path.join(reference, 'drivers', name));
}
