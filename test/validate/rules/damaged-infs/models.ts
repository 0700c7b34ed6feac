import type { Change } from '../changed-inf.ts';
import { type Damage, damage } from './damage.ts';

const registry: Change = ['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files\r\nAddReg = Reg'];

/** Damages of devices. */
export const models: readonly Damage[] = [
  damage('a misspelled [Manufacturer]', 'manufacturer', 'misspelled-section no-models', [
    '[Manufacturer]',
    '[Manufacturers]',
  ]),
  damage('no architecture in the decoration', 'manufacturer', 'missing-models-section', [',NTx86.10.0', '']),
  damage(
    'the architecture of another package',
    'manufacturer',
    'missing-models-section no-models unused-section',
    ['Models,NTx86', 'Models,NTamd64'],
  ),
  damage(
    'a misspelled architecture',
    'manufacturer',
    'bad-decoration missing-models-section no-models unused-section',
    ['Models,NTx86', 'Models,NTx68'],
  ),
  damage(
    'a decoration for a newer Windows',
    'manufacturer',
    'does-not-install',
    ['NTx86.10.0', 'NTx86.11.0'],
    ['Models.NTx86.10.0', 'Models.NTx86.11.0'],
  ),
  damage(
    'a decoration for servers',
    'manufacturer',
    'does-not-install',
    ['NTx86.10.0', 'NTx86.10.0.3'],
    ['Models.NTx86.10.0', 'Models.NTx86.10.0.3'],
  ),
  damage('a models section of another name', 'manufacturer', 'missing-models-section unused-section', [
    '[Models.',
    '[Model.',
  ]),
  damage('a device without an install section', 'models', 'incomplete-model unused-section', [
    'viostor_Install, ROOT',
    ', ROOT',
  ]),
  damage('a device without a hardware ID', 'models', 'incomplete-model', [', ROOT\\PVDISC_VIOSTOR', '']),
  damage('a device without an equals sign', 'models', 'incomplete-model no-models', [
    'DeviceDesc% = viostor_Install',
    'DeviceDesc%, viostor_Install',
  ]),
  damage('an install section that is not there', 'validation', 'missing-section unused-section', [
    'viostor_Install, ROOT',
    'viostor_Instal, ROOT',
  ]),
  damage('[DefaultInstall] beside [Manufacturer]', 'validation', 'default-install-with-models', [
    '',
    '[DefaultInstall.NTx86]\r\nCopyFiles = viostor_Files\r\n',
  ]),
  damage('a placeholder of the build', 'manufacturer', 'template-token', [
    'test driver"\r\nDisk',
    '$KMDFVERSION$"\r\nDisk',
  ]),
  damage('Include without Needs', 'install', 'include-without-needs', [
    'CopyFiles = viostor_Files',
    'CopyFiles = viostor_Files\r\nInclude = usb.inf',
  ]),
  damage(
    'a misspelled AddReg',
    'install',
    'misspelled-directive',
    registry,
    ['AddReg = ', 'AdReg = '],
    ['', '[Reg]\r\nHKR,,x,,y\r\n'],
  ),
  damage('a section that nothing names', 'validation', 'unused-section', ['', '[Forgotten]\r\nx = y\r\n']),
];
