import { type Arch, archFacts } from '../windows/targets.ts';
import type { Inf } from './inf.ts';
import { type ModelsSection, modelsSections } from './models.ts';

/** A running Windows as matched by INF decorations: `OSVERSIONINFOEX` and the build number. */
export interface Guest {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** 1 workstation, 2 domain controller, 3 server. */
  readonly productType: number;
  /** `wSuiteMask`. */
  readonly suite: number;
  readonly arch: Arch;
}

/**
 * Selects the models section of each `[Manufacturer]` entry for a guest (Microsoft, "Combining Platform Extensions with
 * Operating System Versions"): the closest decoration, or on x86 the undecorated section.
 * Empty when the driver package does not install there.
 */
export function selectModels(inf: Inf, guest: Guest): ModelsSection[] {
  const closest = new Map<number, ModelsSection>();
  for (const models of modelsSections(inf)) {
    const rival = closest.get(models.line);
    if (fits(models, guest) && (rival === undefined || isCloser(models, rival)))
      closest.set(models.line, models);
  }
  return [...closest.values()].sort((a, b) => a.line - b.line);
}

/** Returns whether a models section can apply to an architecture; Windows skips undecorated ones except on x86. */
export function appliesToArch({ decoration, target }: ModelsSection, arch: Arch): boolean {
  if (decoration === '') return arch === 'x86';
  return target !== undefined && (target.arch === undefined || target.arch === archFacts[arch].inf);
}

/**
 * Returns the models sections that some Windows of an architecture selects: none that another one of the same `[Manufacturer]` entry
 * always wins over, as `NTamd64` does over `NT`.
 */
export function sectionsForArch(inf: Inf, arch: Arch): ModelsSection[] {
  const applying = modelsSections(inf).filter((section) => appliesToArch(section, arch));
  return applying.filter(
    (section) =>
      section.decoration === '' || !applying.some((other) => other.present && isArchOf(other, section)),
  );
}

/** Whether the first decoration is the second one with an architecture. */
function isArchOf(a: ModelsSection, b: ModelsSection): boolean {
  const [{ arch: own, ...left } = {}, { arch: rival, ...right } = {}] = [a.target, b.target];
  const isSame = (['major', 'minor', 'productType', 'suiteMask', 'build'] as const).every(
    (field) => left[field] === right[field],
  );
  return a.line === b.line && own !== undefined && rival === undefined && isSame;
}

/** First Windows that supports a build number in a decoration; older ones skip the section. */
const buildNumbersSince = { major: 10, minor: 0, build: 14310 };

function fits(models: ModelsSection, guest: Guest): boolean {
  const { target } = models;
  if (!appliesToArch(models, guest.arch)) return false;
  if (target === undefined) return true;
  const { major = 0, minor = 0, productType, suiteMask, build } = target;
  const version = compareVersion({ major, minor }, guest);
  if (version > 0) return false;
  if (productType !== undefined && productType !== guest.productType) return false;
  if (suiteMask !== undefined && (suiteMask & guest.suite) !== suiteMask) return false;
  if (build === undefined) return true;
  return understandsBuilds(guest) && (version < 0 || build <= guest.build);
}

function understandsBuilds(guest: Guest): boolean {
  const version = compareVersion(guest, buildNumbersSince);
  return version > 0 || (version === 0 && guest.build >= buildNumbersSince.build);
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

function compareVersion(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}

function isCloser(a: ModelsSection, b: ModelsSection): boolean {
  const [left, right] = [rank(a), rank(b)];
  const index = left.findIndex((value, at) => value !== right[at]);
  return index >= 0 && (left[index] ?? 0) > (right[index] ?? 0);
}

function rank({ target }: ModelsSection): number[] {
  if (target === undefined) return [-1];
  const { major = 0, minor = 0, build = 0, arch, productType, suiteMask } = target;
  return [
    major,
    minor,
    build,
    Number(arch !== undefined),
    Number(productType !== undefined),
    Number(suiteMask !== undefined),
  ];
}
