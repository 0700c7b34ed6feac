import { join } from 'node:path';
import { collect } from '../../../pipeline/collect/collect.ts';
import { PipelineError } from '../../../pipeline/core/errors.ts';
import { parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import { parseDer } from '../../../pipeline/formats/signature/der.ts';
import { parsePkcs7 } from '../../../pipeline/formats/signature/pkcs7.ts';
import { judge } from '../../../pipeline/validate/judge.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';
import { makeRelease, type ReleaseOptions, type TestRelease } from '../../builders/release.ts';
import { type Tree, writeTree } from '../../builders/tree.ts';

/** Rules that found something, each once and sorted, or the message of an input that is refused. */
export interface Diagnosis {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Absent when there is none. */
  readonly infos?: readonly string[];
  readonly refusal?: string;
}

/** Collects and judges a release of these options; a PipelineError becomes its message. */
export async function diagnose(options: ReleaseOptions): Promise<Diagnosis> {
  return diagnoseRelease(await makeRelease(options));
}

/** Returns what diagnoses the same release again and again, with other bytes for some of its files each time. */
export async function repeatedDiagnosis(
  options: ReleaseOptions,
): Promise<(files: Tree) => Promise<Diagnosis>> {
  const release = await makeRelease(options);
  return async (files) => {
    await writeTree(join(release.folder, 'sources/drivers'), files);
    return diagnoseRelease(release);
  };
}

async function diagnoseRelease({ manifest, context }: TestRelease): Promise<Diagnosis> {
  try {
    const { findings, problems } = await judge(manifest, await collect.run(manifest, context), context);
    if (problems.length > 0) throw new PipelineError('input', problems);
    const rulesOf = (wanted: string) =>
      [...new Set(findings.filter(({ severity }) => severity === wanted).map(({ rule }) => rule))].sort();
    const infos = rulesOf('info');
    return {
      errors: rulesOf('error'),
      warnings: rulesOf('warning'),
      ...(infos.length > 0 && { infos }),
    };
  } catch (error) {
    if (error instanceof PipelineError) return { errors: [], warnings: [], refusal: error.message };
    throw error;
  }
}

/** A copy with the lowest bit of one byte flipped. */
export function flipped(bytes: Uint8Array, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(offset) ^ 1, offset);
  return copy;
}

/** A copy of a text file with one letter of a word in it changed. */
export function flippedAt(bytes: Uint8Array, word: string | Uint8Array): Buffer {
  const offset = Buffer.from(bytes).indexOf(word);
  if (offset < 0) throw new Error(`the bytes do not hold ${word}`);
  return flipped(bytes, offset);
}

/** Flips a byte of the name that a catalog gives its first member. */
export function withOtherName(catalog: Uint8Array): Buffer {
  const name = parseCatalog(catalog).members.find(({ file }) => file !== undefined)?.file ?? '';
  return flippedAt(catalog, Buffer.from(name, 'utf16le'));
}

/** Flips a byte of the signature itself. */
export function withOtherSignature(catalog: Uint8Array): Buffer {
  const [signer] = parsePkcs7(parseDer(catalog, 'catalog'), 'catalog').signers;
  return flippedAt(catalog, signer?.signature ?? new Uint8Array());
}

/** A copy of a signed binary with another tag than that of a SignedData in its certificate table. */
export function withUnreadableSignature(pe: Uint8Array): Buffer {
  const copy = Buffer.from(pe);
  copy.writeUInt8(0xff, peFacts(copy).certificate.offset + 8);
  return copy;
}

/** A copy of a binary whose first version block below the fixed numbers has no length; its checksum is right. */
export function withDamagedVersion(pe: Uint8Array): Buffer {
  const copy = Buffer.from(pe);
  copy.writeUInt16LE(0, copy.indexOf(Buffer.from('StringFileInfo', 'utf16le')) - 6);
  copy.writeUInt32LE(peChecksum(copy), peFacts(copy).checksumOffset);
  return copy;
}

/** The INF saved anew in another encoding, as editors do. */
export function saved(inf: Uint8Array, encoding: 'utf16le' | 'utf8', mark = '\ufeff'): Buffer {
  return Buffer.from(mark + Buffer.from(inf).toString('latin1'), encoding);
}

/** Cuts at every 64th byte, the empty file first. */
export function cuts(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 64) }, (_, index) => bytes.subarray(0, index * 64));
}
