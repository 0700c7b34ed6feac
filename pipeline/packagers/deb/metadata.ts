import { PipelineError } from '../../errors.ts';
import { type Manifest, releasePlace } from '../../manifest/read.ts';
import { type ChangelogEntry, newestEntry } from './changelog.ts';
import { parseControl, type Stanza } from './control-file.ts';
import { changelogPurpose, metadataFiles, readAll, readText } from './metadata-files.ts';
import { placeAtLine } from './place.ts';

/** The Debian metadata of one package, read and checked against its release. */
export interface DebMetadata {
  readonly controlFile: string;
  /** The stanzas of `debian/control` for the source and for this package. */
  readonly source: Stanza;
  readonly binary: Stanza;
  /** Newest version of the source (`debian/changelog`) and of the package (`debian/<package>.changelog`). */
  readonly sourceVersion: string;
  readonly version: string;
  readonly changelog: string;
  readonly copyright: string;
  /** `debian/<package>.lintian-overrides`, if there is one. */
  readonly overrides?: string;
}

/** Reads control, changelogs and copyright of a release's package; throws when a file is missing or does not fit the release. */
export async function readMetadata(manifest: Manifest): Promise<DebMetadata> {
  const { name } = manifest.release.package;
  const files = metadataFiles(manifest);
  const [control, sourceChangelog, changelog, copyright] = await readAll([
    [files.control, 'it describes the source and each binary package (deb-src-control(5))'],
    [files.sourceChangelog, 'its newest entry has the version of the source'],
    [files.changelog, changelogPurpose],
    [files.copyright, 'every Debian package carries its copyright and licenses (DEP-5)'],
  ]);
  const stanzas = parseControl(control, files.control);
  const [source] = stanzas;
  if (source?.fields.has('source') !== true) {
    throw new PipelineError('input', {
      place: placeAtLine(files.control, source?.line ?? 1),
      message: 'does not begin with a stanza for the source',
      hint: 'put a "Source: <name>" stanza first',
    });
  }
  const entry = newestEntry(changelog, files.changelog);
  requireVersion(manifest, entry);
  const overrides = await readText(files.overrides);
  return {
    controlFile: files.control,
    source,
    binary: findBinary(manifest, stanzas, name),
    sourceVersion: newestEntry(sourceChangelog, files.sourceChangelog).version,
    version: entry.version,
    changelog,
    copyright,
    ...(overrides !== undefined && { overrides }),
  };
}

function findBinary(manifest: Manifest, stanzas: readonly Stanza[], name: string): Stanza {
  const packages = stanzas.flatMap((stanza) => stanza.fields.get('package')?.value ?? []);
  const stanza = stanzas.find(({ fields }) => fields.get('package')?.value === name);
  if (stanza !== undefined) return stanza;
  throw new PipelineError('input', {
    place: metadataFiles(manifest).control,
    message: `has no stanza for the package ${name} of ${releasePlace(manifest, 'package', 'name')}`,
    hint: `add a "Package: ${name}" stanza, or name in the release one of: ${packages.join(', ')}`,
  });
}

/** A package is called `<version of the release>-<Debian revision>`. */
function requireVersion(manifest: Manifest, entry: ChangelogEntry): void {
  const { version, package: packaged } = manifest.release;
  const prefix = `${version}-`;
  const revision = entry.version.slice(prefix.length);
  const fits = entry.version.startsWith(prefix) && /^[0-9A-Za-z.+~]+$/.test(revision);
  if (entry.package === packaged.name && fits) return;
  throw new PipelineError('input', {
    place: placeAtLine(metadataFiles(manifest).changelog, entry.line),
    message:
      `the newest entry is ${entry.package} ${entry.version}, but ` +
      `${releasePlace(manifest, 'version')} says ${packaged.name} ${version}`,
    hint: `add an entry "${packaged.name} (${version}-1)" on top of the changelog, or correct the release`,
  });
}
