import { debChangelog, debMetadata } from './deb.ts';
import { type Values, type WrittenRelease, writeRelease } from './release.ts';
import { driverRoot, driverSigner, pemOf } from './signing-keys.ts';
import { driverFolder, type Tree } from './tree.ts';

const named = { inf: { catalog: 'viostor.cat' } };

/** Drivers without catalogs, as a driver build leaves them: two folders, one for two Windows. */
export const uncatalogued: Tree = {
  ...driverFolder('Win10/amd64', named),
  ...driverFolder('Win7/x86', named),
};

/** Writes a release that can be built and asks for signatures of the key of `driverSigner`. */
export function writeSignedRelease(sign: Values = {}, files: Tree = uncatalogued): Promise<WrittenRelease> {
  const { control, copyright, changelog } = debMetadata('1-1');
  return writeRelease({
    files,
    release: {
      sign: { certificates: 'drivers.pem', ...sign },
      package: { name: 'test-disc', metadata: 'debian' },
    },
    texts: {
      'drivers.pem': pemOf(driverSigner, driverRoot),
      'debian/control': control.replace('Package: pvdisc-sample', 'Package: test-disc'),
      'debian/copyright': copyright,
      'debian/changelog': changelog,
      'debian/test-disc.changelog': debChangelog('test-disc', '1.2.3-1'),
    },
  });
}
