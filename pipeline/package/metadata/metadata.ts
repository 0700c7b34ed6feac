import { PipelineError, type Problem } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';
import { parseControl, type Stanza } from '../../formats/deb/control.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { describesPackages, packageNames } from '../../manifest/names.ts';
import { ownMetadataDir, releasePlace } from '../../manifest/read.ts';
import type { DriverTree } from '../../model/driver-tree.ts';
import { type Changelog, changelogPurpose, isOfRelease, newestEntry, readChangelog } from './changelog.ts';
import { changelogFile, metadataFiles, readAll, readText } from './metadata-files.ts';
import { writtenCopyright } from './written-copyright.ts';
import { writtenControl, writtenOverrides } from './written-metadata.ts';

/** Debian metadata, checked against the release. */
export interface DebMetadata {
  readonly controlFile: string;
  /** Source stanza of `debian/control`. */
  readonly source: Stanza;
  /** Newest version of the source (`debian/changelog`) and of the packages (`debian/<package>.changelog`, else the source's). */
  readonly sourceVersion: string;
  readonly version: string;
  readonly changelog: string;
  readonly copyright: string;
  readonly packages: ReadonlyMap<string, PackageMetadata>;
}

/** Metadata of one package: its stanza of `debian/control`, and `debian/<package>.lintian-overrides`, if any. */
export interface PackageMetadata {
  readonly binary: Stanza;
  readonly overrides?: string;
}

/** Reads control, changelogs and copyright, or makes them of what the release says, and checks that they match the release; `tree` is what the packages hold. */
export async function readMetadata(
  manifest: Manifest,
  tree: Pick<DriverTree, 'files' | 'packages'> = { files: [], packages: [] },
): Promise<DebMetadata> {
  if (describesPackages(manifest)) return writtenMetadata(manifest, tree);
  const files = metadataFiles(manifest);
  const [control, sourceChangelog, copyright] = await readAll([
    [files.control, 'it describes the source and each binary package (deb-src-control(5))'],
    [files.sourceChangelog, changelogPurpose],
    [files.copyright, 'every Debian package carries its copyright and licenses (DEP-5)'],
  ]);
  const stanzas = parseControl(control, files.control);
  const changelog = await readChangelog(manifest);
  const source = findSource(stanzas, files.control);
  requireDescribed(manifest, stanzas);
  requireVersion(manifest, changelog);
  return {
    controlFile: files.control,
    source,
    sourceVersion: newestEntry(sourceChangelog, files.sourceChangelog).version,
    version: changelog.newest.version,
    changelog: changelog.text,
    copyright,
    packages: await readPackages(manifest, stanzas, (name) => readText(files.overrides(name))),
  };
}

async function writtenMetadata(
  manifest: Manifest,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): Promise<DebMetadata> {
  const controlFile = releasePlace(manifest, 'package');
  const stanzas = parseControl(writtenControl(manifest), controlFile);
  const changelog = await readChangelog(manifest);
  requireVersion(manifest, changelog);
  const { version } = changelog.newest;
  return {
    controlFile,
    source: findSource(stanzas, controlFile),
    sourceVersion: version,
    version,
    changelog: changelog.text,
    copyright: await writtenCopyright(manifest, tree),
    packages: await readPackages(manifest, stanzas, (name) => writtenOverrides(manifest, name)),
  };
}

/** Throws if a release of one's own has no metadata at all: pvdisc's own folder describes only pvdisc's packages. */
function requireDescribed(manifest: Manifest, stanzas: readonly Stanza[]): void {
  const { name } = manifest.release.package;
  const isKnown = stanzas.some(({ fields }) => fields.get('package')?.value === name);
  if (manifest.metadataDir !== ownMetadataDir || isKnown) return;
  throw new PipelineError('input', {
    place: releasePlace(manifest, 'package'),
    message: `package ${name} has no metadata: no "maintainer", and no folder "metadata"`,
    hint: 'add "maintainer: Name <address>" and "changelog" there (pvdisc schema release), or "metadata: debian" with control, copyright and changelog in that folder',
  });
}

function findSource([source]: readonly Stanza[], file: string): Stanza {
  if (source?.fields.has('source') === true) return source;
  throw new PipelineError('input', {
    place: placeAtLine(file, source?.line ?? 1),
    message: 'does not begin with a source stanza',
    hint: 'put a "Source: <name>" stanza first',
  });
}

async function readPackages(
  manifest: Manifest,
  stanzas: readonly Stanza[],
  readOverrides: (name: string) => Promise<string | undefined>,
): Promise<Map<string, PackageMetadata>> {
  const packages = new Map<string, PackageMetadata>();
  const missing: Problem[] = [];
  for (const name of packageNames(manifest)) {
    const binary = stanzas.find(({ fields }) => fields.get('package')?.value === name);
    const overrides = await readOverrides(name);
    if (binary === undefined) missing.push(missingStanza(manifest, stanzas, name));
    else packages.set(name, { binary, ...(overrides !== undefined && { overrides }) });
  }
  if (missing.length > 0) throw new PipelineError('input', missing);
  return packages;
}

function missingStanza(manifest: Manifest, stanzas: readonly Stanza[], name: string): Problem {
  const isFurther = name !== manifest.release.package.name;
  const asked = releasePlace(manifest, 'package', isFurther ? 'also' : 'name');
  const known = stanzas.flatMap((stanza) => stanza.fields.get('package')?.value ?? []);
  return {
    place: metadataFiles(manifest).control,
    message: `has no stanza for package ${name}, which ${asked} requires`,
    hint: isFurther
      ? `add a "Package: ${name}" stanza or remove it from the release`
      : `add a "Package: ${name}" stanza, or use one of these in the release: ${known.join(', ')}`,
  };
}

/** Checks the changelog of a release that describes its packages itself against its version, as a build does; reads nothing else. */
export async function requireChangelog(manifest: Manifest): Promise<void> {
  if (describesPackages(manifest)) requireVersion(manifest, await readChangelog(manifest));
}

/** Checks that the version is `<version of the release>-<Debian revision>`; the source's changelog names the source package. */
function requireVersion(manifest: Manifest, changelog: Changelog): void {
  if (isOfRelease(manifest, changelog)) return;
  const { version, package: packaged } = manifest.release;
  const { file, isOwn, newest } = changelog;
  if (describesPackages(manifest) && changelogFile(manifest) === undefined)
    throw new PipelineError('input', {
      place: file,
      message: `the newest version is ${newest.version}, but ${releasePlace(manifest, 'version')} is ${version}`,
      hint: `put an entry of version ${version} first, or correct the release`,
    });
  const { ownChangelog } = metadataFiles(manifest);
  throw new PipelineError('input', {
    place: placeAtLine(file, newest.line),
    message:
      `the newest entry is ${newest.package} ${newest.version}, but ` +
      `${releasePlace(manifest, 'version')} says ${packaged.name} ${version}`,
    hint: isOwn
      ? `add an entry "${packaged.name} (${version}-1)" at the top of the changelog, or correct the release`
      : `add an entry "${packaged.name} (${version}-1)" to its own changelog, ${ownChangelog}, or use the same version for both`,
  });
}
