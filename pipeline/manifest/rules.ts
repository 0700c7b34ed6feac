import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { nearName } from '../core/near-name.ts';
import { type KeyPath, placeInFile } from '../core/place.ts';
import { versionOf } from './ledger.ts';
import type { DriverEntry, Manifest } from './manifest.ts';
import { asksFor, describesPackages, symbolsLabel } from './names.ts';
import { gitTags, metadataKeys } from './package-schema.ts';
import type { Release } from './release-schema.ts';

type CrossFieldRule = (manifest: Manifest) => Problem[];

/** Returns every problem that no single value shows: names that nothing declares, declared twice, or too long. */
export function checkManifest(manifest: Manifest): Problem[] {
  return crossFieldRules.flatMap((rule) => rule(manifest));
}

/** Characters of a volume identifier (ECMA-119, 8.4.7). */
const maxLabelLength = 32;

const labelFits: CrossFieldRule = (manifest) =>
  manifest.label.length <= maxLabelLength
    ? []
    : [
        problem(
          manifest,
          ['name'],
          `the volume label "${manifest.label}" has ${manifest.label.length} characters, ISO 9660 allows ${maxLabelLength}`,
          'set a shorter "label"',
        ),
      ];

const symbolsLabelFits: CrossFieldRule = (manifest) => {
  const label = symbolsLabel(manifest);
  if (
    !asksFor(manifest, 'symbols') ||
    label.length <= maxLabelLength ||
    manifest.label.length > maxLabelLength
  )
    return [];
  return [
    problem(
      manifest,
      ['package', 'also'],
      `the volume label "${label}" of the symbols' disc has ${label.length} characters, ISO 9660 allows ${maxLabelLength}`,
      'set a shorter "label"',
    ),
  ];
};

const driverFilesAreNamedAlike: CrossFieldRule = (manifest) =>
  manifest.drivers
    .filter((driver) => basename(driver.file.file) !== `${driver.name}.yaml`)
    .map((driver) => ({
      place: placeInFile(driver.file, ['name']),
      message: `driver "${driver.name}" is declared in ${basename(driver.file.file)}`,
      hint: `rename the file to ${driver.name}.yaml`,
    }));

const driverNamesDifferWithoutCase: CrossFieldRule = (manifest) => {
  const seen = new Map<string, string>();
  return manifest.drivers.flatMap((driver) => {
    const other = seen.get(driver.name.toLowerCase());
    seen.set(driver.name.toLowerCase(), driver.name);
    if (other === undefined) return [];
    return [
      { place: placeInFile(driver.file, ['name']), message: `differs from driver "${other}" only in case` },
    ];
  });
};

const targetsAreDeclaredOnce: CrossFieldRule = (manifest) => {
  const seen = new Set<string>();
  return manifest.targets.flatMap((row, index) => {
    const name = `${row.os}/${row.arch}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      {
        place: placeInFile(manifest.targetsFile, ['targets', index]),
        message: `target ${name} occurs twice`,
      },
    ];
  });
};

const driversUseKnownTargets: CrossFieldRule = (manifest) => {
  const known = new Set(manifest.targets.map((row) => `${row.os}/${row.arch}`));
  return manifest.drivers.flatMap((driver) => {
    const used: [KeyPath, string][] = [
      ...driver.without.map(({ target }, index): [KeyPath, string] => [['without', index, 'target'], target]),
      ...Object.entries(driver.folders ?? {}).flatMap(([folder, targets]) =>
        targets.map((target, index): [KeyPath, string] => [['folders', folder, index], target]),
      ),
    ];
    return used
      .filter(([, target]) => !known.has(target))
      .map(([path, target]) => ({
        place: placeInFile(driver.file, path),
        message: `no target ${target}`,
        hint: 'add it to targets.yaml, or check its spelling',
      }));
  });
};

const licensesHaveTexts: CrossFieldRule = (manifest) => {
  const used = [
    ...manifest.drivers.map(({ file, license }) => ({ place: placeInFile(file, ['license']), license })),
    ...manifest.fileLicenses.map(({ license }, index) => ({
      place: placeInFile(manifest.licensesFile, ['files', index, 'license']),
      license,
    })),
    ...manifest.release.files.flatMap(({ license }, index) =>
      license === undefined
        ? []
        : [{ place: placeInFile(manifest.releaseFile, ['files', index, 'license']), license }],
    ),
    ...[manifest.release.package.license ?? []].flat().map((license) => ({
      place: placeInFile(manifest.releaseFile, ['package', 'license']),
      license,
    })),
  ];
  const { drivers, manifest: whole } = manifest.release;
  const folder = drivers ?? whole;
  const where = (file: string) =>
    folder === undefined
      ? `name a folder with ${file} under "drivers" of the release`
      : `write it to ${join(folder, file)}`;
  return used
    .filter(({ license }) => !manifest.licenseFiles.has(license))
    .map(({ place, license }) => ({
      place,
      message: `there is no text of licence "${license}"`,
      hint: `${nearHint(license, manifest.licenseFiles.keys())}${where(`licenses/${license}.txt`)}`,
    }));
};

const releaseUsesKnownNames: CrossFieldRule = (manifest) => {
  const { release } = manifest;
  const drivers = new Set(manifest.drivers.map((driver) => driver.name));
  const targets = new Set(manifest.targets.map((row) => `${row.os}/${row.arch}`));
  const oses = new Set(manifest.targets.map((row) => row.os));
  const sources = new Set(Object.keys(release.sources));
  const used: Use[] = [
    ...selectionUses('driver', drivers, ['select', 'drivers'], release.select.drivers),
    ...selectionUses('OS', oses, ['select', 'os'], release.select.os),
    ...release.folders.flatMap((entry, index): Use[] => [
      ['driver', drivers, ['folders', index, 'driver'], entry.driver],
      ['source', sources, ['folders', index, 'source'], entry.source],
      ...entry.targets.map((name, at): Use => ['target', targets, ['folders', index, 'targets', at], name]),
    ]),
    ...release.prefer.flatMap((entry, index): Use[] => [
      ['driver', drivers, ['prefer', index, 'driver'], entry.driver],
      ['source', sources, ['prefer', index, 'source'], entry.source],
      ...(entry.targets ?? []).map(
        (name, at): Use => ['target', targets, ['prefer', index, 'targets', at], name],
      ),
    ]),
    ...(release.sign?.targets ?? []).map(
      (name, index): Use => ['target', targets, ['sign', 'targets', index], name],
    ),
    ...(release.setupDrivers?.targets ?? []).map(
      (name, index): Use => ['target', targets, ['setupDrivers', 'targets', index], name],
    ),
    ...selectionUses('driver', drivers, ['setupDrivers', 'drivers'], release.setupDrivers?.drivers),
    ...release.ignored.map(
      (entry, index): Use => ['source', sources, ['ignored', index, 'source'], entry.source],
    ),
    ...release.files.map(
      (entry, index): Use => ['source', sources, ['files', index, 'source'], entry.source],
    ),
  ];
  return used.flatMap(([kind, known, path, name]) =>
    name === undefined || known.has(name)
      ? []
      : [
          problem(
            manifest,
            path,
            `no ${kind} "${name}"`,
            `${nearHint(name, known)}known: ${[...known].sort().join(', ')}`,
          ),
        ],
  );
};

/** Windows Setup takes every driver below $WinPEDriver$, whatever Windows it installs. */
const setupTargetsDiffer: CrossFieldRule = (manifest) => {
  const seen = new Map<string, string>();
  return (manifest.release.setupDrivers?.targets ?? []).flatMap((target, index) => {
    const [, arch = ''] = target.split('/');
    const other = seen.get(arch);
    seen.set(arch, target);
    if (other === undefined) return [];
    return [
      problem(
        manifest,
        ['setupDrivers', 'targets', index],
        `"${target}" is for the architecture of "${other}"; Windows Setup must never find two versions of one driver`,
        'choose one of them',
      ),
    ];
  });
};

const preferencesSayWhatWins: CrossFieldRule = (manifest) =>
  manifest.release.prefer.flatMap((entry, index) =>
    entry.source === undefined && entry.folder === undefined
      ? [
          problem(
            manifest,
            ['prefer', index],
            'names neither a source nor a folder',
            'add "source" or "folder": which one wins',
          ),
        ]
      : [],
  );

/** Returns the beginning of a hint that proposes the known name which a misspelled one is nearest to, or nothing. */
function nearHint(name: string, known: Iterable<string>): string {
  const near = nearName(name, [...known]);
  return near === undefined ? '' : `did you mean "${near}"? `;
}

/** A driver of one's own that takes an INF of another name's driver would put it on the disc twice. */
const ownInfsAreNew: CrossFieldRule = (manifest) => {
  const { drivers: folder } = manifest.release;
  if (folder === undefined) return [];
  const own = resolve(dirname(manifest.releaseFile.file), folder);
  const isOwn = ({ file }: DriverEntry) => dirname(file.file) === own;
  const known = new Map(
    manifest.drivers
      .filter((driver) => !isOwn(driver))
      .flatMap(({ name, inf }) => inf.map((each) => [each.toLowerCase(), name])),
  );
  return manifest.drivers.filter(isOwn).flatMap((driver) =>
    driver.inf.flatMap((inf, index) => {
      const other = known.get(inf.toLowerCase());
      if (other === undefined) return [];
      return [
        {
          place: placeInFile(driver.file, ['inf', index]),
          message: `${inf} is an INF of driver "${other}" too`,
          hint: `name the driver "${other}" to replace that one, or rename the INF`,
        },
      ];
    }),
  );
};

/** One rule decides where the metadata of the packages are: in the release, or in the folder that it names, never in both. */
const metadataHaveOnePlace: CrossFieldRule = (manifest) => {
  const described = manifest.release.package;
  const given = metadataKeys.filter((key) => described[key] !== undefined);
  if (described.metadata !== undefined)
    return given.map((key) =>
      problem(
        manifest,
        ['package', key],
        `is not read, since the metadata of the packages are in the folder "${described.metadata}"`,
        'remove it, or remove "metadata" to describe the packages here',
      ),
    );
  const needed = [
    ['maintainer', 'who makes the packages: "Name <name@example.org>"'],
    ['changelog', `the versions, newest first: entries with version, date and changes, or ${gitTags}`],
  ] as const;
  return needed
    .filter(([key]) => given.length > 0 && described[key] === undefined)
    .map(([key, hint]) => problem(manifest, ['package'], `has no "${key}"`, `add ${hint}`));
};

/** The title is the synopsis of the package. */
const maxSynopsisLength = 79;

const titleFits: CrossFieldRule = (manifest) => {
  const { length } = manifest.release.title;
  if (!describesPackages(manifest) || length <= maxSynopsisLength) return [];
  return [
    problem(
      manifest,
      ['title'],
      `has ${length} characters; the synopsis of a package has at most ${maxSynopsisLength}`,
      'shorten it; "description" in "package" takes the rest',
    ),
  ];
};

/** Users expect drivers for KVM under upstream's name, and tools take every disc of that name for such a one. */
const plainNameIsForKvm: CrossFieldRule = (manifest) => {
  const { family, name, package: packaged } = manifest.release;
  if (family === 'virtio') return [];
  const named: [KeyPath, string][] = [
    [['name'], name],
    [['package', 'name'], packaged.name],
  ];
  return named
    .filter(([, each]) => each === 'virtio-win')
    .map(([path]) =>
      problem(manifest, path, 'is the name of drivers for KVM, and these are for Xen', 'choose another name'),
    );
};

type Use = [kind: string, known: ReadonlySet<string>, path: KeyPath, name: string | undefined];
type Selection = { include: string[] } | { exclude: string[] } | undefined;

function selectionUses(kind: string, known: ReadonlySet<string>, path: KeyPath, selection: Selection): Use[] {
  return Object.entries(selection ?? {}).flatMap(([key, names]: [string, string[]]) =>
    names.map((name, index): Use => [kind, known, [...path, key, index], name]),
  );
}

function problem(manifest: Manifest, path: KeyPath, message: string, hint: string): Problem {
  return { place: placeInFile(manifest.releaseFile, path), message, hint };
}

const crossFieldRules: readonly CrossFieldRule[] = [
  kindProblems,
  labelFits,
  symbolsLabelFits,
  driverFilesAreNamedAlike,
  driverNamesDifferWithoutCase,
  targetsAreDeclaredOnce,
  driversUseKnownTargets,
  licensesHaveTexts,
  releaseUsesKnownNames,
  setupTargetsDiffer,
  preferencesSayWhatWins,
  ownInfsAreNew,
  metadataHaveOnePlace,
  titleFits,
  plainNameIsForKvm,
];

/** Returns what does not fit the kind of a release: a passthrough cannot change its disc, an assembled one needs sources. */
function kindProblems(manifest: Pick<Manifest, 'release' | 'releaseFile'>): Problem[] {
  const { release, releaseFile } = manifest;
  const at = (path: KeyPath, message: string, hint: string): Problem => ({
    place: placeInFile(releaseFile, path),
    message,
    hint,
  });
  if (release.passthrough === undefined) {
    if (Object.keys(release.sources).length > 0) return [];
    return [
      at(['sources'], 'is missing', 'say where the drivers come from, or pass on a disc with "passthrough"'),
    ];
  }
  const { release: upstream } = release.passthrough;
  const useless = keysOfAssembly(release).map((path) =>
    at(path, "has no meaning in a passthrough release: its disc is upstream's, byte for byte", 'remove it'),
  );
  const version = versionOf(upstream);
  const [before, after] = [release.version.slice(0, version.length), release.version.slice(version.length)];
  if (before === version && /^(?:[+~].*)?$/.test(after)) return useless;
  const hint = `write ${version}, or ${version}+2 where another build of it went before`;
  return [...useless, at(['version'], `is not that of upstream's ${upstream}`, hint)];
}

/** The keys with a value that say what an assembled disc holds. */
function keysOfAssembly(release: Release): KeyPath[] {
  const lists = ['folders', 'prefer', 'ignored', 'repair', 'files'] as const;
  const given: [KeyPath, boolean][] = [
    [['label'], release.label !== undefined],
    [['family'], release.family !== 'virtio'],
    [['profile'], release.profile === 'slim'],
    [['select'], Object.keys(release.select).length > 0],
    [['sign'], release.sign !== undefined],
    [['setupDrivers'], release.setupDrivers !== undefined],
    ...lists.map((key): [KeyPath, boolean] => [[key], release[key].length > 0]),
    [['package', 'also'], release.package.also.length > 0],
  ];
  return given.filter(([, isGiven]) => isGiven).map(([path]) => path);
}
