import * as z from 'zod';
import { urlField } from '../sources/fields.ts';

/** Packages that a release can ask for beside its disc. */
export const furtherPackages = ['symbols', 'drivers'] as const;
export type FurtherPackage = (typeof furtherPackages)[number];

/** Formats of the packages that a release can be built in. */
export const packageFormats = ['deb', 'oci', 'rpm'] as const;
export type PackageFormat = (typeof packageFormats)[number];

/** Debian Policy, 7.1: a package, with a version where one is meant. */
const relation = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9+.-]+(?: \((?:<<|<=|=|>=|>>) [0-9][0-9A-Za-z.+~:-]*\))?$/,
    'must be a package, or one with a version such as "virtio-win (<< 2.0)"',
  );

const text = z.string().regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, 'must be one line of text');

const changelogEntry = z.strictObject({
  version: z
    .string()
    .regex(
      /^[0-9][0-9A-Za-z.+~]*(?:-[0-9A-Za-z.+~]+)?$/,
      'must be a version of the release, such as 1.0.0, or one with a package revision, such as 1.0.0-2',
    )
    .describe(
      'Version of the release, with the revision of its packages where it is not 1: 1.0.0 or 1.0.0-2',
    ),
  date: z
    .string()
    .refine((date) => {
      const epoch = changelogDate(date) ?? -1;
      return epoch >= 0 && epoch < 2 ** 31;
    }, 'must be a date such as 2026-11-20 or 2026-11-20T12:00:00Z, from 1970 to 19 January 2038')
    .describe('2026-11-20, or with a time 2026-11-20T12:00:00Z; the newest one dates the build'),
  changes: z.array(text).min(1).describe('What is new, a line each'),
});

export type WrittenChangelogEntry = z.output<typeof changelogEntry>;

/** `changelog: git-tags` takes the entries from the tags of the release's repository. */
export const gitTags = 'git-tags';

/** Keys of `package` that say what a folder with Debian metadata says otherwise. */
export const metadataKeys = [
  'maintainer',
  'homepage',
  'description',
  'section',
  'license',
  'copyright',
  'provides',
  'conflicts',
  'replaces',
  'changelog',
] as const;

export const packageField = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9+.-]+$/,
      'must be a Debian package name: two or more lower-case letters, digits, +, - and ., and a letter or digit first',
    ),
  maintainer: z
    .string()
    .regex(
      /^[^\p{Cc}<>,"]*[^\p{Cc}<>,"\s] <[^\s<>@,]+@[^\s<>@,]+>$/u,
      'must be a name and an address: "Name <name@example.org>"',
    )
    .optional()
    .describe(
      'Who makes the packages: Name <address>. With it, the metadata of the packages is in this file',
    ),
  homepage: urlField(['https', 'http']).optional().describe('Where to read more'),
  description: z
    .string()
    .regex(/^[^\p{Cc}\n]*\S/u, 'must not be empty')
    .regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, 'must be text without control characters')
    .optional()
    .describe(
      'Paragraphs about the package; its title is that of the release. Lines that begin with a blank are kept as they are',
    ),
  section: z
    .string()
    .regex(/^(?:[a-z0-9-]+\/)?[a-z0-9-]+$/, 'must be a section such as misc or non-free/misc')
    .optional()
    .describe('Section of the Debian archive; misc when absent'),
  license: z
    .string()
    .min(1)
    .optional()
    .describe('SPDX id or LicenseRef of all that no driver and no entry of "files" gives another licence'),
  copyright: text.optional().describe('Who holds the copyright of that: 2026 Example GmbH'),
  provides: z
    .array(relation)
    .min(1)
    .optional()
    .describe('Further names of the package, beside virtio-win-iso'),
  conflicts: z
    .array(relation)
    .min(1)
    .optional()
    .describe('Packages that cannot be installed beside this one'),
  replaces: z
    .array(relation)
    .min(1)
    .optional()
    .describe('Packages that this one takes the place of; in an rpm, upgrading a host does so (Obsoletes)'),
  changelog: z
    .union([
      z.array(changelogEntry).min(1),
      z.string().regex(/\S/, `must be entries, a Debian changelog or ${gitTags}`),
    ])
    .optional()
    .describe(
      `The versions, newest first: entries, the path of a Debian changelog, or ${gitTags} for the tags (v1.0.0) of this repository`,
    ),
  metadata: z
    .string()
    .optional()
    .describe(
      'Folder with control, copyright, changelog and <package>.changelog, instead of "maintainer" and the keys that go with it',
    ),
  priority: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional()
    .describe(
      'Priority of this disc where several are installed (update-alternatives); by signatures and the newest Windows when absent',
    ),
  formats: z
    .array(z.enum(packageFormats))
    .min(1)
    .refine((asked) => new Set(asked).size === asked.length, 'names one format twice')
    .default(['deb'])
    .describe(
      'Formats of the packages: deb for Debian and Ubuntu, rpm for Fedora, RHEL and openSUSE, oci for an image layout with the disc as KubeVirt takes it (containerDisk); deb when absent',
    ),
  also: z
    .array(z.enum(furtherPackages))
    .refine((asked) => new Set(asked).size === asked.length, 'names one package twice')
    .default([])
    .describe(
      'Further packages: symbols is a second disc with the debug symbols in <name>-symbols, drivers the unpacked driver files in <name>-drivers',
    ),
});

/** Returns a date of the changelog in seconds since 1970 (UTC); undefined if there is no such day or time. */
export function changelogDate(date: string): number | undefined {
  const [, day = '', time = 'T00:00:00Z'] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\dZ)?$/.exec(date) ?? [];
  const parsed = new Date(`${day}${time}`);
  const isReal =
    !Number.isNaN(parsed.getTime()) && parsed.toISOString().replace('.000', '') === `${day}${time}`;
  return isReal ? parsed.getTime() / 1000 : undefined;
}
