import { byCodeUnit } from '../../core/order.ts';
import { isMicrosoftSigned } from '../../formats/signature/signature.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { packageName } from '../../manifest/names.ts';
import { ownLicense, shippedLicenses } from '../../model/disc-layout.ts';
import { discsFolder, familyLinks, releaseFolder } from '../../model/host-paths.ts';
import type { ValidatedTree } from '../../model/validated-tree.ts';
import type { PackedEntry } from '../contents.ts';
import type { HostPlan } from '../host/define.ts';
import type { DebMetadata } from '../metadata/metadata.ts';
import { rpmChangelog } from './changelog.ts';
import { rpmScripts } from './host-format.ts';
import { packageStanza, relationTags } from './relations.ts';

export interface SpecInput {
  readonly manifest: Manifest;
  readonly tree: Pick<ValidatedTree, 'files' | 'packages' | 'drivers'>;
  readonly metadata: DebMetadata;
  readonly variables: ReadonlyMap<string, string>;
  /** The package of the disc first; the others are its subpackages. */
  readonly plans: readonly HostPlan[];
  /** Folder with the files of all packages, which becomes the build root. */
  readonly staged: string;
}

/** Returns the spec file (rpm's docs/manual/spec.md) of a release's packages. */
export function specFile(input: SpecInput): string {
  const { manifest, tree, metadata, plans, staged } = input;
  const { version, release } = rpmVersion(metadata);
  const name = packageName(manifest);
  const about = [
    ['Name', name],
    ['Version', version],
    ['Release', release],
    [
      'License',
      licenseTag(metadata.copyright) || shippedLicenses(manifest, tree).join(' AND ') || ownLicense,
    ],
    ['BuildArch', 'noarch'],
  ] as const;
  const sections = plans.map((plan) => packageSections(plan, input, plan.name === name ? about : []));
  return [
    `%define ${percent} %%`,
    ...sections.map(([head]) => head),
    `%install\nmkdir -p "%{buildroot}"\nmv ${quotedWord(staged)}/usr "%{buildroot}/"`,
    ...sections.map(([, rest]) => rest),
    `%changelog\n${prose(rpmChangelog(metadata.changelog))}`,
  ].join('\n\n');
}

/** Returns the licences that a copyright file (DEP-5) names, as an expression; empty for a file in another form. */
function licenseTag(copyright: string): string {
  const named = [...copyright.matchAll(/^License: *(\S.*)$/gm)].flatMap(([, text = '']) =>
    text.trim().split(' and '),
  );
  return [...new Set(named)]
    .sort(byCodeUnit)
    .map((license) => (license.includes(' or ') ? `(${license.replaceAll(' or ', ' OR ')})` : license))
    .join(' AND ');
}

/** Version and release of rpm: the version of a package without and its revision. */
export function rpmVersion({ version }: Pick<DebMetadata, 'version'>): { version: string; release: string } {
  const dash = version.lastIndexOf('-');
  return { version: version.slice(0, dash), release: version.slice(dash + 1) };
}

type Tag = readonly [name: string, value: string];

/** Returns the sections of a package before and after %install. */
function packageSections(
  plan: HostPlan,
  { manifest, tree, metadata, variables }: SpecInput,
  about: readonly Tag[],
): readonly [head: string, rest: string] {
  const stanza = packageStanza(metadata, plan.name, variables);
  const value = (field: string) => stanza.fields.get(field)?.value ?? '';
  const [summary = '', ...description] = value('description').split('\n');
  const tags: Tag[] = [
    ...about,
    ['Summary', `${summary.charAt(0).toUpperCase()}${summary.slice(1)}`],
    ['URL', value('homepage')],
    ['Packager', value('maintainer')],
    ['AutoReqProv', 'no'],
    ...relationTags(plan, stanza, { version: metadata.version, isPlain: isPlain(manifest, tree) }),
  ];
  const option = about.length > 0 ? '' : ` -n ${plan.name}`;
  const head = [
    ...(about.length > 0 ? [] : [`%package${option}`]),
    ...tags
      .filter(([, text]) => text !== '')
      .map(([tag, text]) => `${tag}: ${escaped(text.replace(/\s+/g, ' '))}`),
    '',
    `%description${option}`,
    ...description.map((line) => (line === '.' ? '' : prose(line))),
  ];
  const scripts = rpmScripts.flatMap((script) => {
    const text = plan.scripts.get(script);
    return text === undefined ? [] : [`%${script}${option}\n${escaped(text)}`];
  });
  const files = [`%files${option}`, '%defattr(-, root, root, -)', ...fileLines(plan)];
  return [head.join('\n'), [...scripts, files.join('\n')].join('\n\n')];
}

/** The rule release/plain-name allows the name "virtio-win" in these cases. */
function isPlain({ release }: Manifest, { drivers }: SpecInput['tree']): boolean {
  const isSigned = drivers.length > 0 && drivers.every(({ signature }) => isMicrosoftSigned(signature));
  return isSigned || release.policy.plainName !== undefined;
}

/**
 * Lists what a package has: folders that only it has with all that is in them, anything else by name; parents in /usr/share belong to
 * other packages. What the alternatives make is listed as a ghost, so that rpm knows whose it is.
 */
function fileLines(plan: HostPlan): string[] {
  const { name, contents } = plan;
  const whole = contents.filter(({ path }) => wholeFolder.test(path));
  const listed = contents.filter(
    ({ path }) => isOwn(path, name) && !whole.some((folder) => path.startsWith(`${folder.path}/`)),
  );
  return [
    ...listed.map((entry) => fileLine(entry, whole.includes(entry))),
    ...ghosts(plan).map((path) => `%ghost ${path}`),
  ];
}

const wholeFolder = new RegExp(`^${releaseFolder('[^/]+')}/[^/]+$`);

function isOwn(path: string, name: string): boolean {
  const isInOwn = [discsFolder, `usr/share/doc/${name}`, `usr/share/licenses/${name}`].some(
    (folder) => path === folder || path.startsWith(`${folder}/`),
  );
  return isInOwn || path.startsWith('usr/share/osinfo/');
}

function fileLine({ kind, path }: PackedEntry, isWhole: boolean): string {
  if (kind === 'folder' && !isWhole) return path.startsWith('usr/share/osinfo/') ? '' : `%dir "/${path}"`;
  if (path.startsWith('usr/share/licenses/')) return `%license "/${path}"`;
  if (path.startsWith('usr/share/doc/')) return `%doc "/${path}"`;
  // A disc is read-only, so that a guest cannot change it if it is attached as a writable disk by mistake.
  return path.endsWith('.iso') ? `%attr(0444, root, root) "/${path}"` : `"/${path}"`;
}

/** Returns the links of update-alternatives(8) that a package offers. */
export function ghosts({ kind, family }: Pick<HostPlan, 'kind' | 'family'>): string[] {
  const { disc, drivers } = familyLinks[family];
  const links: Readonly<Record<HostPlan['kind'], string[]>> = {
    disc: [
      `/${discsFolder}/${disc}`,
      '/usr/bin/virtio-win',
      '/usr/share/man/man1/virtio-win.1.gz',
      '/usr/share/bash-completion/completions/virtio-win',
    ],
    symbols: [],
    drivers: [`/${discsFolder}/${drivers}`],
  };
  return links[kind];
}

const percent = 'percent';

/**
 * rpmbuild expands macros anywhere, in comments and scripts too. A macro stands for each percent sign, since rpm looks for open braces
 * before it expands, and takes the first sign of `\\%%{` as quoted by the backslash (copyNextLineFromOFI in build/parseSpec.c).
 */
function escaped(text: string): string {
  return text.replaceAll('%', `%{${percent}}`);
}

/**
 * Escapes text of several lines. rpm looks for sections, conditions and comments at the beginning of each line, after blanks, and when
 * the macros are expanded (readLine and isPart); a word joiner, which nothing shows, stands before such a sign.
 */
function prose(text: string): string {
  return escaped(text.replace(/^(\s*)(?=[%#])/gm, '$1\u2060'));
}

function quotedWord(path: string): string {
  return `'${escaped(path).replaceAll("'", "'\\''")}'`;
}
