import { dirname } from 'node:path';
import { PipelineError } from '../../core/errors.ts';
import { wrapWords } from '../../core/text.ts';
import { debianDate } from '../../formats/deb/control.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { changelogDate, gitTags, type WrittenChangelogEntry } from '../../manifest/package-schema.ts';
import { releasePlace } from '../../manifest/read.ts';
import { taggedVersions } from '../../sources/git/tags.ts';
import { changelogFile, readText } from './metadata-files.ts';

/** Returns the Debian changelog that `package.changelog` of a release gives, and the file that it is in. */
export async function writtenChangelog(manifest: Manifest): Promise<{ file: string; text: string }> {
  const { changelog = [] } = manifest.release.package;
  const place = releasePlace(manifest, 'package', 'changelog');
  if (changelog === gitTags)
    return { file: place, text: changelogText(manifest, await taggedEntries(manifest)) };
  if (typeof changelog !== 'string') return { file: place, text: changelogText(manifest, changelog) };
  const file = changelogFile(manifest) ?? changelog;
  const text = await readText(file);
  if (text !== undefined) return { file, text };
  throw new PipelineError('input', {
    place,
    message: `there is no file ${file}`,
    hint: `name a Debian changelog, list the entries here, or write ${gitTags}`,
  });
}

async function taggedEntries(manifest: Manifest): Promise<WrittenChangelogEntry[]> {
  const { name, version } = manifest.release;
  const folder = dirname(manifest.releaseFile.file);
  const tags = await taggedVersions(folder, [
    `${name}-v`,
    `${name}/v`,
    `${name}-`,
    `${name}/`,
    'debian/',
    'v',
  ]);
  const newest = tags.findIndex((tag) => tag.version === version || tag.version.startsWith(`${version}-`));
  if (newest === -1)
    throw new PipelineError('input', {
      place: releasePlace(manifest, 'package', 'changelog'),
      message: `no git tag of version ${version} is in the history of this commit (${tags[0] === undefined ? 'there is no tag of a version' : `newest: ${tags[0].tag}`})`,
      hint: `type "git tag --annotate v${version} --message 'What is new'", or fetch the tags (git fetch --tags --unshallow)`,
    });
  return tags.slice(newest).map(({ version: tagged, epoch, changes }) => ({
    version: tagged,
    date: new Date(epoch * 1000).toISOString().replace('.000', ''),
    changes,
  }));
}

/** Formats entries as deb-changelog(5), with the revision 1 where an entry gives none. */
function changelogText({ release }: Manifest, entries: readonly WrittenChangelogEntry[]): string {
  const { name, maintainer = '' } = release.package;
  return entries
    .map(({ version, date, changes }) => {
      const full = version.includes('-') ? version : `${version}-1`;
      const lines = changes.flatMap((change) =>
        wrapWords(change.split(/\s+/).filter(Boolean), 76).map(
          (line, index) => `  ${index === 0 ? '*' : ' '} ${line}`,
        ),
      );
      const day = debianDate(changelogDate(date) ?? 0);
      return `${name} (${full}) unstable; urgency=medium\n\n${lines.join('\n')}\n\n -- ${maintainer}  ${day}\n`;
    })
    .join('\n');
}
