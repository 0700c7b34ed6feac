import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OsinfoDropIn, osinfoDropIns } from '../../../pipeline/package/osinfo/drop-ins.ts';
import { driverFacts } from '../../../pipeline/validate/driver-facts.ts';
import { readFacts } from '../../../pipeline/validate/facts.ts';
import { packageFacts } from '../../../pipeline/validate/package-facts.ts';
import { lacksTool } from '../../builders/needs.ts';
import { collectRelease } from '../../builders/release.ts';
import { driverFolder } from '../../builders/tree.ts';

const system = '/usr/share/osinfo';
const hasNoLibosinfo = await lacksLibosinfo();

/** The drop-ins of a small release of unsigned drivers, which 32-bit Windows loads and 64-bit Windows does not. */
async function dropIns(): Promise<{ made: OsinfoDropIn[]; paths: string[] }> {
  const inf = { hardwareIds: ['PCI\\VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01'] };
  const folders = ['Win7/x86', 'Win10/x86', 'Win11/amd64'].map((folder) => driverFolder(folder, { inf }));
  const targets = ['7', '10'].map((version) => ({
    os: `w${version}`,
    arch: 'x86',
    folder: `Win${version}/x86`,
    version: version === '7' ? '6.1.7600' : '10.0.10240',
    product: 'workstation',
    decoration: version === '7' ? 'NTx86.6.1' : 'NTx86.10.0',
    windows: `Windows ${version}`,
    osinfo: `win-${version}`,
  }));
  const win11 = {
    os: 'w11',
    arch: 'amd64',
    folder: 'Win11/amd64',
    version: '10.0.22000',
    product: 'workstation',
    decoration: 'NTamd64.10.0...16299',
    windows: 'Windows 11',
    osinfo: 'win-11',
  };
  const { release, tree } = await collectRelease({
    files: Object.assign({}, ...folders),
    targets: [...targets, win11],
  });
  const { manifest, context } = release;
  const facts = packageFacts(tree, await readFacts(tree, context), manifest.targets);
  const made = osinfoDropIns({
    packageName: 'test-disc',
    targets: manifest.targets,
    packages: tree.packages,
    drivers: facts.map(driverFacts),
  });
  return { made, paths: tree.files.map(({ path }) => path) };
}

test('the devices come from the INFs, and every listed file lies in the tree', async () => {
  const { made, paths } = await dropIns();
  expect(made.map(({ path }) => relative(system, path))).toEqual([
    'os/microsoft.com/win-10.d/virtio-win.test-disc.xml',
    'os/microsoft.com/win-7.d/virtio-win.test-disc.xml',
  ]);
  for (const { text } of made) {
    expect(text).toContain('<device id="http://pcisig.com/pci/1af4/1042"/>');
    const [, os = ''] = /by-os\/i386\/([^/]+)\//.exec(text) ?? [];
    const files = [...text.matchAll(/<file>(.*)<\/file>/g)].map(([, name]) => `viostor/${os}/x86/${name}`);
    expect(files).toEqual([`viostor/${os}/x86/viostor.inf`, `viostor/${os}/x86/viostor.sys`]);
    expect(files.filter((path) => !paths.includes(path))).toEqual([]);
  }
});

describe.skipIf(lacksTool('osinfo-db-validate', 'osinfo-query', 'xmllint'))('in a copy of osinfo-db', () => {
  let database: string;
  let installed: readonly string[] = [];

  beforeAll(async () => {
    database = join(await mkdtemp(join(tmpdir(), 'pvdisc-osinfo-')), 'osinfo');
    await cp(system, database, { recursive: true });
  });

  afterAll(async () => {
    await rm(dirname(database), { recursive: true, force: true });
  });

  async function install(): Promise<void> {
    if (installed.length > 0) return;
    const { made } = await dropIns();
    installed = made.map(({ path }) => join(database, relative(system, path)));
    for (const [index, { text }] of made.entries()) {
      const file = installed[index] ?? '';
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    }
  }

  const validate = () => execa('osinfo-db-validate', [`--dir=${database}`], { reject: false, all: true });
  const query = () => execa('osinfo-query', ['os'], { env: { OSINFO_SYSTEM_DIR: database }, all: true });

  test('the files are valid, their names are free, and what is known of each Windows stays as it was', async () => {
    const before = await query();
    await install();
    expect(await validate()).toMatchObject({ exitCode: 0, all: '' });
    for (const file of installed) {
      const schema = join(system, 'schema/osinfo.rng');
      await execa('xmllint', ['--noout', '--relaxng', schema, file]);
    }
    expect((await query()).all).toBe(before.all);
  });

  test('a mistake in one of them would be found', async () => {
    await install();
    const wrong = join(database, 'os/microsoft.com/win-7.d/wrong.xml');
    await writeFile(wrong, '<libosinfo version="0.0.1"><os id="x"><driver/></os></libosinfo>');
    const { exitCode, all } = await validate();
    await rm(wrong);
    expect(exitCode).toBe(1);
    expect(all).toContain('wrong.xml');
  });

  test.skipIf(hasNoLibosinfo)('libosinfo gives the drivers to its users', async () => {
    await install();
    const { stdout, stderr } = await execa('/usr/bin/python3', ['-c', listDrivers], {
      env: { OSINFO_SYSTEM_DIR: database },
    });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => line.includes('file://'))).toEqual(
      ['7', '10'].map(
        (version) =>
          `${version} i686 file:///usr/share/virtio-win/releases/test-disc/drivers/by-os/i386/w${version}/ True False 60 viostor.inf,viostor.sys http://pcisig.com/pci/1af4/1042`,
      ),
    );
  });
});

const listDrivers = `
import gi
gi.require_version('Libosinfo', '1.0')
from gi.repository import Libosinfo
loader = Libosinfo.Loader()
loader.process_default_path()
for version in ['7', '10', '11']:
    drivers = loader.get_db().get_os('http://microsoft.com/win/' + version).get_device_drivers()
    for driver in drivers.get_elements():
        devices = ','.join(device.get_id() for device in driver.get_devices().get_elements())
        print(version, driver.get_architecture(), driver.get_location(), driver.get_pre_installable(),
              driver.get_signed(), driver.get_priority(), ','.join(driver.get_files()), devices)
`;

/** The Python bindings of libosinfo (gir1.2-libosinfo-1.0, python3-gi) are optional. */
async function lacksLibosinfo(): Promise<boolean> {
  const { failed } = await execa(
    '/usr/bin/python3',
    ['-c', "import gi; gi.require_version('Libosinfo', '1.0')"],
    { reject: false },
  );
  if (failed) console.warn('SKIPPED: this machine lacks gir1.2-libosinfo-1.0 or python3-gi');
  return failed;
}
