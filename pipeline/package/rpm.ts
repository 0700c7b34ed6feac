import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildContext } from '../core/context.ts';
import { withRandomAccess } from '../formats/random-access.ts';
import { readRpm } from '../formats/rpm/index.ts';
import { familyLinks } from '../model/host-paths.ts';
import type { PackageArtifact, PackagerOptions } from '../model/release.ts';
import { run } from '../system/exec.ts';
import { hashFile } from '../system/files.ts';
import { changedSource } from '../system/source-file.ts';
import { rpmbuild } from '../system/tools.ts';
import { definePackager } from './define.ts';
import type { HostPlan } from './host/define.ts';
import { readOwnFiles } from './host/own-files.ts';
import { hostPlans } from './host/plan.ts';
import { signatureText } from './host/signatures.ts';
import { readMetadata } from './metadata/metadata.ts';
import { usedMetadata } from './metadata/metadata-files.ts';
import { substitutionVariables } from './metadata/substvars.ts';
import { rpmFormat } from './rpm/host-format.ts';
import { requireNoDependencies } from './rpm/relations.ts';
import { ghosts, rpmVersion, specFile } from './rpm/spec.ts';
import { stageTree } from './rpm/stage-tree.ts';

export const rpm = definePackager({
  format: 'rpm',
  summary: 'RPM packages with the paths of Fedora, for Fedora, RHEL and openSUSE',
  tools: () => [rpmbuild],
  prepare: async (manifest) => {
    const metadata = await readMetadata(manifest);
    await readOwnFiles();
    requireNoDependencies(metadata, substitutionVariables(''));
  },
  metadata: usedMetadata,
  pack: async (input, context) => {
    const { manifest, tree, folder, options } = input;
    const metadata = await readMetadata(manifest, tree);
    const plans = hostPlans({ ...input, metadata, own: await readOwnFiles(), format: rpmFormat });
    const variables = substitutionVariables(signatureText(manifest.targets, tree.drivers));
    const scratch = await mkdtemp(join(folder, '.rpm-'));
    try {
      const staged = join(scratch, 'tree');
      for (const plan of plans) await stagePackage(plan, staged, folder, context);
      const spec = join(scratch, `${plans[0]?.name}.spec`);
      await writeFile(spec, specFile({ manifest, tree, metadata, variables, plans, staged }));
      await runBuild(spec, scratch, options, context);
      const made: PackageArtifact[] = [];
      for (const plan of plans) {
        const { version, release } = rpmVersion(metadata);
        const name = `${plan.name}-${version}-${release}.noarch.rpm`;
        await requireSameFiles(join(scratch, name), plan);
        await rename(join(scratch, name), join(folder, name));
        made.push({ format: 'rpm', name, content: await hashFile(join(folder, name), context.signal) });
      }
      return made;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});

async function stagePackage(
  plan: HostPlan,
  tree: string,
  own: string,
  { epoch, signal, reporter }: BuildContext,
): Promise<void> {
  reporter.progress({ item: plan.name });
  await stageTree(plan.contents, tree, { own, epoch, signal });
  for (const path of ghosts(plan)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await symlink(`/etc/alternatives/${alternativeOf(path, plan.family)}`, join(tree, path));
  }
}

/** Returns the name of the alternative that makes a link, as the scripts give it. */
function alternativeOf(path: string, family: HostPlan['family']): string {
  const { drivers, driversName } = familyLinks[family];
  if (path.endsWith(`/${drivers}`)) return driversName;
  if (path.includes('/completions/')) return 'virtio-win.bash';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Macros with which a distribution names itself in packages. */
const distributionMacros = ['vendor', 'distribution', 'disttag', 'bugurl', 'packager'];

/** Payload compression of rpm, at the levels of the Debian packages. */
const payloads: Readonly<Record<PackagerOptions['compression'], string>> = {
  zstd: 'w9.zstdio',
  xz: 'w4.xzdio',
};

/** Runs rpmbuild with nothing of this machine in the packages: no host name, no time, no settings of the user or the distribution. */
async function runBuild(
  spec: string,
  scratch: string,
  { compression }: PackagerOptions,
  { epoch, signal }: BuildContext,
): Promise<void> {
  const macros: Readonly<Record<string, string>> = {
    _topdir: join(scratch, 'build'),
    _tmppath: join(scratch, 'tmp'),
    _rpmdir: scratch,
    _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    _buildhost: 'localhost',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
    source_date_epoch_from_changelog: '0',
    changelog_trimage: '0',
    changelog_trimtime: '0',
    _binary_payload: payloads[compression],
    _binary_filedigest_algorithm: '8',
    _build_id_links: 'none',
    debug_package: '%{nil}',
    __os_install_post: '%{nil}',
    __spec_install_post: '%{nil}',
    optflags: '%{nil}',
    _target_platform: 'noarch-pc-linux',
  };
  await mkdir(join(scratch, 'tmp'));
  const defined = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  const removed = distributionMacros.flatMap((name) => ['--undefine', name]);
  const args = ['-bb', '--quiet', '--nodeps', '--target', 'noarch', ...removed, ...defined, spec];
  const env = { HOME: scratch, SOURCE_DATE_EPOCH: String(epoch) };
  await run(rpmbuild, args, { cwd: scratch, env, signal, group: true });
}

/** Throws unless a package has just the planned files with their bytes: rpmbuild read them after they were hashed. */
async function requireSameFiles(file: string, { name, contents }: HostPlan): Promise<void> {
  const subject = { place: 'package', name: file };
  const { files } = await withRandomAccess(file, (opened) => readRpm(opened, subject));
  const packed = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  for (const entry of contents) {
    if (entry.kind !== 'file') continue;
    const found = packed.get(entry.path);
    if (found === undefined) throw new Error(`rpmbuild left ${entry.path} out of ${name}`);
    if ('bytes' in entry.content || found === entry.content.sha256) continue;
    const fact = `has sha256 ${found}, expected ${entry.content.sha256}`;
    if ('make' in entry.content) throw new Error(`${entry.path} in ${name} ${fact}`);
    throw changedSource(entry.content.file, `${fact}, for /${entry.path} in the package`);
  }
}
