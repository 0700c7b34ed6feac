import { posix } from 'node:path';
import { folderOf, nameOf } from '../core/paths.ts';
import { type Catalog, type CatalogMember, membersOf } from '../formats/catalog/index.ts';
import { catalogFile, type InfFile, installedFiles, sourceNames } from '../formats/inf/files.ts';
import type { Inf, InfSection } from '../formats/inf/inf.ts';
import {
  defaultInstalls,
  type InfService,
  installSection,
  installSections,
  modelsFor,
  serviceFile,
} from '../formats/inf/install.ts';
import type { Model } from '../formats/inf/models.ts';
import { selectModels } from '../formats/inf/select.ts';
import {
  brokenSignature,
  crossSignedState,
  type SignatureState,
  signatureState,
  signerName,
} from '../formats/signature/signature.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import { demandsCrossCertificate } from '../formats/windows/signing-policy.ts';
import { lastBuild } from '../formats/windows/targets.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { DriverPackage, DriverTree } from '../model/driver-tree.ts';
import type { SignatureVerdict } from '../model/signature-verdict.ts';
import { guestOf, targetPath } from '../model/target.ts';
import type { FileFacts, PayloadFile, TreeFacts } from './facts.ts';
import { osCoverage } from './os-coverage.ts';

/** A driver package and the facts of its files, the input of a package rule. */
export interface PackageFacts extends DriverPackage {
  /** The Windows that the folder is for; absent when the folder name does not say. */
  readonly row?: TargetRow;
  readonly parsed: Inf;
  /** The INF as a file, with its digests. */
  readonly infFile: PayloadFile;
  /** The catalog's name in the INF. */
  readonly catalogName?: InfFile;
  /** The catalog, if it exists and can be parsed. */
  readonly catalog?: { readonly path: string; readonly list: Catalog };
  /** The files that the INF names, except the INF and the catalog. */
  readonly payload: readonly PayloadFile[];
  readonly verdict: SignatureVerdict;
  /** The signature state on the folder's Windows: a catalog for newer Windows versions does not count. */
  readonly signature: SignatureState;
}

/** Returns the facts of a tree's packages, in the tree's order. */
export function packageFacts(
  { packages }: Pick<DriverTree, 'packages'>,
  facts: TreeFacts,
  targets: readonly TargetRow[],
): PackageFacts[] {
  return packages.map((driverPackage): PackageFacts => {
    const { inf, catalogPath, target, files } = driverPackage;
    const infFacts = facts.get(inf);
    const parsed = infFacts?.inf;
    if (infFacts === undefined || parsed === undefined)
      throw new Error(`${inf} passed collection without being parsed`);
    const row = targets.find((candidate) => targetPath(candidate) === targetPath(target));
    const catalogName = catalogFile(parsed, target.arch);
    const list = catalogPath === undefined ? undefined : facts.get(catalogPath)?.catalog;
    const known = files.flatMap((path) => {
      const file = facts.get(path);
      return file === undefined ? [] : [{ path, facts: file }];
    });
    const installed = installedFiles(parsed, target.arch).map(({ name }) => posix.join(folderOf(inf), name));
    const inCatalog = new Set([inf, ...installed].map((path) => path.toLowerCase()));
    const signed = known.filter(({ path }) => path !== catalogPath && inCatalog.has(path.toLowerCase()));
    const verdict = signatureVerdict(list, signed);
    const isForNewer =
      list !== undefined && row !== undefined && osCoverage(list, signed, row).fit === 'newer';
    return {
      ...driverPackage,
      parsed,
      infFile: { path: inf, facts: infFacts },
      payload: known.filter(({ path }) => path !== inf && path !== catalogPath),
      verdict,
      signature: isForNewer ? 'unsigned' : effectiveState(verdict, row, list, signed),
      ...(row !== undefined && { row }),
      ...(catalogName !== undefined && { catalogName }),
      ...(catalogPath !== undefined && list !== undefined && { catalog: { path: catalogPath, list } }),
    };
  });
}

/** Returns the members of a package's catalog with the file's digest; empty without a catalog or when it does not list the file. */
export function coveringMembers({ catalog }: PackageFacts, { digests }: FileFacts): CatalogMember[] {
  return catalog === undefined || digests === undefined ? [] : membersOf(catalog.list, digests);
}

/** Returns the INF's models for the folder's Windows, or for the architecture when the folder does not name a Windows. */
export function usedModels({ parsed, row, target }: PackageFacts): Model[] {
  const guest = row === undefined ? undefined : guestOf(row);
  if (guest === undefined) return modelsFor(parsed, target.arch);
  const sections = selectModels(parsed, { ...guest, build: lastBuild(guest.build) });
  return sections.flatMap(({ models }) => models);
}

/** Returns the install sections of these models. */
export function usedSections(driverPackage: PackageFacts): InfSection[] {
  const { parsed, target } = driverPackage;
  const names = new Set(usedModels(driverPackage).map((model) => model.installSection));
  const sections = [...names].map((name) => installSection(parsed, name, target.arch));
  return [...new Set(sections.filter((section) => section !== undefined))];
}

/**
 * Returns the names of the install sections that the folder's Windows uses, or all of the architecture when the folder does not name a
 * Windows: one INF can have services with different binaries for several versions of Windows.
 */
export function usedInstalls(driverPackage: PackageFacts): string[] {
  const { parsed, row, target } = driverPackage;
  const sections =
    row === undefined
      ? installSections(parsed, target.arch)
      : [...usedSections(driverPackage), ...defaultInstalls(parsed)];
  return [...new Set(sections.map(({ name }) => name))];
}

/** Returns the files of the package that these services run, also those with another name on the guest. */
export function serviceFiles(
  { parsed, target, payload }: Pick<PackageFacts, 'parsed' | 'target' | 'payload'>,
  services: readonly InfService[],
): PayloadFile[] {
  const names = services.flatMap(({ binary = '' }) => sourceNames(parsed, target.arch, serviceFile(binary)));
  return payload.filter(({ path }) => names.includes(nameOf(path).toLowerCase()));
}

/** Returns whether the folder's Windows finds something to install in the INF: a device, or a `[DefaultInstall]`. */
export function installs(driverPackage: PackageFacts): boolean {
  return usedModels(driverPackage).length > 0 || defaultInstalls(driverPackage.parsed).length > 0;
}

/** Checks a driver package's catalog against its INF and the files that the INF names. */
export function signatureVerdict(
  catalog: Catalog | undefined,
  files: readonly PayloadFile[],
): SignatureVerdict {
  if (catalog === undefined) return { integrity: 'none', uncovered: [], trust: 'unsigned' };
  const { signers } = catalog.signature;
  const uncovered = files
    .filter(({ facts: { digests } }) => digests === undefined || membersOf(catalog, digests).length === 0)
    .map(({ path }) => path);
  const trust = signatureState(signers);
  const signer = signerName(signers);
  const timestamp = signers
    .map((candidate) => candidate.timestamp)
    .find((found) => found?.problem === undefined && found?.time !== undefined)?.time;
  return {
    integrity: integrityOf(signers),
    uncovered,
    trust,
    ...(signer !== undefined && { signer }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

/**
 * Returns the signature state that Windows derives: a broken signature, or a catalog that lacks a file, counts as none. For kernel-mode
 * code, Vista to 8.1 demand a cross-certificate.
 */
function effectiveState(
  { trust, uncovered }: SignatureVerdict,
  row: TargetRow | undefined,
  catalog: Catalog | undefined,
  files: readonly PayloadFile[],
): SignatureState {
  if (uncovered.length > 0) return 'unsigned';
  const isKernelMode = files.some(({ path }) => path.toLowerCase().endsWith('.sys'));
  if (row === undefined || catalog === undefined || !isKernelMode || !demandsCrossCertificate(row))
    return trust;
  return crossSignedState(catalog.signature.signers);
}

function integrityOf(signers: readonly Signer[]): SignatureVerdict['integrity'] {
  if (signers.length === 0) return 'none';
  return brokenSignature(signers) === undefined ? 'good' : 'broken';
}
