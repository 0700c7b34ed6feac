import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { buildSampleAs } from '../builders/renamed-sample.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';
import { defineGuest, placeKernel, startAdministrator, startLibvirtd } from './administrator.ts';
import { home, type Machine, repository } from './machine.ts';

/** Requirements of a document, and the folder of its commands. */
export interface Story {
  readonly folder: string;
  readonly prepare: (machine: Machine) => Promise<void>;
  /** Whether it boots a Linux guest. */
  readonly needsKernel?: boolean;
}

/** Stories by document; its `sh` blocks run in order on one machine. */
export const stories: Readonly<Record<string, Story>> = {
  'README.md': { folder: repository, prepare: prepareClone },
  'CONTRIBUTING.md': { folder: repository, prepare: prepareClone },
  'docs/ci.md': { folder: repository, prepare: prepareCi },
  'docs/clones.md': { folder: home, prepare: prepareInstalled },
  'docs/demo.md': { folder: home, prepare: prepareDemo, needsKernel: true },
  'docs/deploy.md': { folder: home, prepare: prepareDeploy },
  'docs/hypervisors.md': { folder: home, prepare: prepareDisc },
  'docs/install-windows.md': { folder: home, prepare: prepareAttached },
  'docs/migrate.md': { folder: home, prepare: prepareMigration },
  'docs/migration.md': { folder: home, prepare: prepareInstalled },
  'docs/move-a-guest.md': { folder: home, prepare: prepareInstalled },
  'docs/shared-media.md': { folder: home, prepare: prepareInstalled },
  'docs/signing.md': { folder: repository, prepare: prepareDriverBuild },
  'docs/unattended.md': { folder: home, prepare: prepareUnattended },
  'docs/xen.md': { folder: home, prepare: prepareDisc },
  'debian/host/virtio-win.1': { folder: home, prepare: prepareManualPage },
};

/** Starts the machine of a document and prepares it. */
export async function startStory(path: string): Promise<{ machine: Machine; folder: string }> {
  const story = stories[path];
  if (story === undefined)
    throw new Error(`${path}: test/docs/stories.ts does not say on what machine it runs`);
  const machine = await startAdministrator();
  try {
    await story.prepare(machine);
    return { machine, folder: story.folder };
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

async function prepareClone(machine: Machine): Promise<void> {
  await machine.run('rm -rf dist', repository);
  await startLibvirtd(machine);
  await defineGuest(machine);
}

/** Prepares a key and a list of releases as on upstream's server. */
async function prepareCi(machine: Machine): Promise<void> {
  await machine.run('rm -rf dist public', repository);
  await writeFile(
    join(machine.root, home, 'archive-virtio.html'),
    '<a href="virtio-win-0.1.302-1/">virtio-win-0.1.302-1/</a>\n<a href="virtio-win-0.1.999-1/">virtio-win-0.1.999-1/</a>\n',
  );
  await machine.run(
    `gpg --batch --quiet --passphrase '' --quick-gen-key 'Test <ci@example.org>' ed25519 sign never`,
  );
}

async function prepareDemo(machine: Machine): Promise<void> {
  await machine.run('rm -rf dist', repository);
  await placeKernel(machine);
  await startLibvirtd(machine);
}

/** Builds two versions in the clone; the home has the packages of the older one, and apt.example.org is the machine itself. */
async function prepareDeploy(machine: Machine): Promise<void> {
  const releases = [await legacy(), await legacy('0.1.286'), await builtSample()];
  await machine.run('rm -rf dist && mkdir dist', repository);
  for (const { folder } of releases)
    await execa('cp', ['-r', folder, join(machine.root, repository, 'dist')]);
  await placePackages(machine, await legacy(), await builtSample());
  await copyFile(join((await legacy()).folder, 'SHA256SUMS'), join(machine.root, home, 'SHA256SUMS'));
  await startLibvirtd(machine);
  await defineGuest(machine);
  await machine.run(`
gpg --batch --quiet --passphrase '' --quick-gen-key 'Test <apt@example.org>' ed25519 sign never
mkdir /srv/apt
echo '127.0.0.1 apt.example.org' >> /etc/hosts
busybox httpd -p 127.0.0.1:80 -h /srv/apt`);
}

async function prepareDisc(machine: Machine): Promise<void> {
  await placePackages(machine, await legacy());
  await machine.run(`apt-get install ./virtio-win-legacy_${legacyVersion}-1_all.deb`);
}

async function prepareInstalled(machine: Machine): Promise<void> {
  await prepareDisc(machine);
  await startLibvirtd(machine);
  await defineGuest(machine);
}

async function prepareAttached(machine: Machine): Promise<void> {
  await prepareInstalled(machine);
  await machine.run('virtio-win attach win11');
}

/** The clone has three driver builds in it, of drivers that name their catalogs. */
async function prepareDriverBuild(machine: Machine): Promise<void> {
  const folders = ['Win10/amd64', 'Win7/x86'];
  const drivers = folders.map((folder) => driverFolder(folder, { inf: { catalog: 'viostor.cat' } }));
  for (const build of ['out', 'nightly', 'weekly'])
    await writeTree(join(machine.root, repository, build), Object.assign({}, ...drivers));
}

async function prepareUnattended(machine: Machine): Promise<void> {
  await prepareInstalled(machine);
  await writeFile(join(machine.root, home, 'autounattend.xml'), '<unattend/>\n');
}

/** The examples in the manual page use Windows 11, which the sample supports. */
async function prepareManualPage(machine: Machine): Promise<void> {
  await placePackages(machine, await builtSample());
  await machine.run('apt-get install ./pvdisc-sample_*_all.deb');
  await startLibvirtd(machine);
  await defineGuest(machine);
}

/** Places an ISO at the path of the link and in the guest's drive, and a package like those of alien. */
async function prepareMigration(machine: Machine): Promise<void> {
  await placePackages(machine, await legacy());
  await startLibvirtd(machine);
  await defineGuest(machine);
  await mkdir(join(machine.root, 'tmp/alien/DEBIAN'), { recursive: true });
  await writeFile(join(machine.root, 'tmp/alien/DEBIAN/control'), alienControl);
  await machine.run(`
mkdir -p /tmp/alien/usr/share/virtio-win /usr/share/virtio-win
echo old > /tmp/alien/usr/share/virtio-win/virtio-win-0.1.171.iso
ln -s virtio-win-0.1.171.iso /tmp/alien/usr/share/virtio-win/virtio-win.iso
dpkg-deb --root-owner-group --build /tmp/alien /tmp/alien.deb
dpkg -i /tmp/alien.deb
rm /usr/share/virtio-win/virtio-win.iso
echo old > /usr/share/virtio-win/virtio-win.iso
virsh change-media win11 sdb /usr/share/virtio-win/virtio-win.iso --insert --config`);
}

const alienControl = `Package: virtio-win
Version: 0.1.171-2
Architecture: all
Maintainer: alien <alien@example.org>
Description: what alien makes of the RPM
`;

/** The version of the legacy release in the documents. */
export const legacyVersion = '0.1.285';

/** Builds the sample's drivers under the names and Windows versions of the legacy release, whose files belong to others. */
function legacy(version = legacyVersion): Promise<BuiltRelease> {
  return buildSampleAs({ name: 'virtio-win-legacy', version, os: ['w7', 'w8.1', '2k8R2', '2k12R2'] });
}

async function placePackages(machine: Machine, ...releases: readonly BuiltRelease[]): Promise<void> {
  for (const deb of releases.flatMap(({ debs }) => debs))
    await copyFile(deb, join(machine.root, home, basename(deb)));
}
