import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { checksumsText } from '../../pipeline/formats/sums.ts';
import type { PackageArtifact } from '../../pipeline/model/release.ts';
import { rpm } from '../../pipeline/package/rpm.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { type DebOptions, makeDebSetting } from './deb.ts';

/** Packs a release with fake discs as rpm in a folder, which the test removes; returns all packages. */
export async function buildRpms(folder: string, options: DebOptions = {}): Promise<PackageArtifact[]> {
  const { input, context } = await makeDebSetting(folder, options);
  return rpm.pack(input, context);
}

/** A package that rpmbuild makes of a spec: the commands of %install, the lines of %files, and other tags or sections. */
export interface TestRpm {
  readonly name: string;
  /** Version and release; default 1.0-1. */
  readonly version?: string;
  readonly tags?: string;
  readonly install?: string;
  readonly files?: string;
  readonly sections?: string;
}

/** Builds a package with rpmbuild and returns its file. */
export async function makeRpm(folder: string, made: TestRpm): Promise<string> {
  const { name, version = '1.0-1', tags = '', install = '', files = '', sections = '' } = made;
  const [number, release] = version.split('-');
  const build = join(folder, `${name}-${version}.build`);
  await mkdir(build, { recursive: true });
  const spec = join(build, 'package.spec');
  await writeFile(
    spec,
    `Name: ${name}\nVersion: ${number}\nRelease: ${release}\nSummary: a test\nLicense: MIT\nBuildArch: noarch
AutoReqProv: no\n${tags}\n%description\ntest\n%install\nmkdir -p "%{buildroot}"; cd "%{buildroot}"\n${install}
${sections}\n%files\n%defattr(-, root, root, -)\n${files}\n`,
  );
  const macros = {
    _topdir: build,
    _rpmdir: folder,
    _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    _binary_payload: 'w1.gzdio',
  };
  const defined = Object.entries(macros).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
  await execa('rpmbuild', ['-bb', '--quiet', '--nodeps', ...defined, spec], { env: { LC_ALL: 'C' } });
  return join(folder, `${name}-${version}.noarch.rpm`);
}

/** Creates the files of a release that publishing for dnf needs: packages and SHA256SUMS. */
export async function makeRpmRelease(folder: string, packages: readonly TestRpm[]): Promise<string> {
  const work = `${folder}.work`;
  await mkdir(folder, { recursive: true });
  const sums: { name: string; sha256: string }[] = [];
  for (const each of packages) {
    const file = await makeRpm(work, each);
    const name = file.slice(work.length + 1);
    await execa('cp', [file, join(folder, name)]);
    sums.push({ name, sha256: (await hashFile(file)).sha256 });
  }
  await writeFile(join(folder, 'SHA256SUMS'), checksumsText(sums));
  return folder;
}
