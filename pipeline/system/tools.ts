import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';

/** An external program: the file that is run, why it is needed and the Debian package that has it. */
export interface Tool {
  readonly name: string;
  readonly why: string;
  readonly debianPackage: string;
  /** Arguments that print the version on the first line that has a number. */
  readonly versionArgs: readonly string[];
  /** Parses untrusted bytes, and runs in the sandbox (sandbox.ts). */
  readonly readsUntrusted?: boolean;
  /** pvdisc works without it. */
  readonly optional?: boolean;
}

export const tools = {
  xorriso: {
    name: 'xorriso',
    why: 'writes the ISO and reads it back',
    debianPackage: 'xorriso',
    versionArgs: ['-version'],
    readsUntrusted: true,
  },
  zstd: {
    name: 'zstd',
    why: 'compresses Debian packages and reads .tar.zst',
    debianPackage: 'zstd',
    versionArgs: ['--version'],
    readsUntrusted: true,
  },
  xz: {
    name: 'xz',
    why: 'compresses Debian packages (--compression xz) and reads .tar.xz',
    debianPackage: 'xz-utils',
    versionArgs: ['--version'],
    readsUntrusted: true,
  },
  git: {
    name: 'git',
    why: 'reads git sources',
    debianPackage: 'git',
    versionArgs: ['--version'],
    readsUntrusted: true,
  },
  bwrap: {
    name: 'bwrap',
    why: 'optional: keeps the others in a sandbox while they read untrusted files',
    debianPackage: 'bubblewrap',
    versionArgs: ['--version'],
    optional: true,
  },
  gpgv: {
    name: 'gpgv',
    why: 'checks the signatures of sources and releases',
    debianPackage: 'gpgv',
    versionArgs: ['--version'],
  },
  'apt-ftparchive': {
    name: 'apt-ftparchive',
    why: 'writes the indexes of an apt repository (pvdisc publish)',
    debianPackage: 'apt-utils',
    versionArgs: ['--version'],
  },
  gpg: {
    name: 'gpg',
    why: 'signs a release (pvdisc build --sign) or an apt repository (pvdisc publish)',
    debianPackage: 'gnupg',
    versionArgs: ['--version'],
  },
} as const satisfies Readonly<Record<string, Tool>>;

/** Explains differences where it is installed. `pvdisc tools` does not list it, since it depends on hundreds of packages. */
export const diffoscope: Tool = {
  name: 'diffoscope',
  why: 'shows in what two builds differ (pvdisc build --check-reproducible)',
  debianPackage: 'diffoscope',
  versionArgs: ['--version'],
  optional: true,
};

/** Reaches keys in PKCS#11 tokens; `pvdisc tools` does not ask for it, since few sign so. */
export const openssl: Tool = {
  name: 'openssl',
  why: 'signs drivers with a key in a PKCS#11 token (pvdisc sign --signer-key pkcs11:...)',
  debianPackage: 'openssl',
  versionArgs: ['version'],
  optional: true,
};

/** Writes cabinets; `pvdisc tools` does not ask for it, since few have their drivers signed by Microsoft. */
export const gcab: Tool = {
  name: 'gcab',
  why: 'writes the cabinet that Microsoft signs drivers from (pvdisc submission)',
  debianPackage: 'gcab',
  versionArgs: ['--version'],
  optional: true,
};

/** Pushes images to registries; `pvdisc tools` does not ask for it, since few publish them. */
export const skopeo: Tool = {
  name: 'skopeo',
  why: 'reaches registries (pvdisc publish --oci, build --store docker://...)',
  debianPackage: 'skopeo',
  versionArgs: ['--version'],
  optional: true,
};

/** Reaches S3 and other stores; `pvdisc tools` does not ask for it, since few keep results there. */
export const rclone: Tool = {
  name: 'rclone',
  why: 'keeps results of builds in S3 and other stores (pvdisc build --store rclone:REMOTE:PATH)',
  debianPackage: 'rclone',
  versionArgs: ['version'],
  optional: true,
};

/** Builds RPM packages; `pvdisc tools` does not ask for it, since only a release with rpm in its formats needs it. */
export const rpmbuild: Tool = {
  name: 'rpmbuild',
  why: 'builds RPM packages (rpm in the formats of a release)',
  debianPackage: 'rpm',
  versionArgs: ['--version'],
};

/** Writes the indexes of a dnf repository; `pvdisc tools` does not ask for it, since few publish one. */
export const createrepo: Tool = {
  name: 'createrepo_c',
  why: 'writes the indexes of a dnf repository (pvdisc publish --rpm)',
  debianPackage: 'createrepo-c',
  versionArgs: ['--version'],
};

/** Throws one error that names every tool of `needed` that is not on the PATH, and how to get them all. */
export async function requireTools(needed: readonly Tool[]): Promise<void> {
  const missing = await missingTools(needed);
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.debianPackage).sort();
  throw new PipelineError(
    'tool',
    missing.map((tool) => ({
      place: tool.name,
      message: `not found on the PATH; it ${tool.why}`,
      ...(tool === missing.at(-1) && { hint: `apt-get install ${packages.join(' ')}` }),
    })),
  );
}

/** Returns the tools of `needed` that are not on the PATH, each once, sorted by name. */
export async function missingTools(needed: readonly Tool[]): Promise<Tool[]> {
  const byName = new Map(needed.map((tool) => [tool.name, tool]));
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(sorted.map((tool) => isOnPath(tool.name)));
  return sorted.filter((_, index) => !found[index]);
}

async function isOnPath(name: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      if ((await stat(file)).isFile()) return true;
    } catch {
      // not in this folder
    }
  }
  return false;
}
