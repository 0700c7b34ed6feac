import { PipelineError, type Problem } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';
import { parseControl, type Stanza } from '../../formats/deb/control.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { packageNames } from '../../manifest/names.ts';
import { releasePlace } from '../../manifest/read.ts';
import { type Changelog, changelogPurpose, isOfRelease, newestEntry, readChangelog } from './changelog.ts';
import { metadataFiles, readAll, readText } from './metadata-files.ts';

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

/** Reads control, changelogs and copyright, and checks that they match the release. */
export async function readMetadata(manifest: Manifest): Promise<DebMetadata> {
  const files = metadataFiles(manifest);
  const [control, sourceChangelog, copyright] = await readAll([
    [files.control, 'it describes the source and each binary package (deb-src-control(5))'],
    [files.sourceChangelog, changelogPurpose],
    [files.copyright, 'every Debian package carries its copyright and licenses (DEP-5)'],
  ]);
  const stanzas = parseControl(control, files.control);
  const changelog = await readChangelog(manifest);
  const source = findSource(stanzas, files.control);
  requireVersion(manifest, changelog);
  return {
    controlFile: files.control,
    source,
    sourceVersion: newestEntry(sourceChangelog, files.sourceChangelog).version,
    version: changelog.newest.version,
    changelog: changelog.text,
    copyright,
    packages: await readPackages(manifest, stanzas),
  };
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
): Promise<Map<string, PackageMetadata>> {
  const files = metadataFiles(manifest);
  const packages = new Map<string, PackageMetadata>();
  const missing: Problem[] = [];
  for (const name of packageNames(manifest)) {
    const binary = stanzas.find(({ fields }) => fields.get('package')?.value === name);
    const overrides = await readText(files.overrides(name));
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

/** Checks that the version is `<version of the release>-<Debian revision>`; the source's changelog names the source package. */
function requireVersion(manifest: Manifest, changelog: Changelog): void {
  if (isOfRelease(manifest, changelog)) return;
  const { version, package: packaged } = manifest.release;
  const { file, isOwn, newest } = changelog;
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
