import type { Change } from '../changed-inf.ts';
import { type Damage, damage } from './damage.ts';

const system = '{4d36e97d-e325-11ce-bfc1-08002be10318}';
const scsi: readonly Change[] = [
  ['Class = System', 'Class = SCSIAdapter'],
  [system, '{4d36e97b-e325-11ce-bfc1-08002be10318}'],
];

/** Damages of services. */
export const services: readonly Damage[] = [
  damage('no ServiceType', 'addService', 'incomplete-service', ['ServiceType = 1\r\n', '']),
  damage('no StartType', 'addService', 'incomplete-service', ['StartType = 3\r\n', '']),
  damage('no ErrorControl', 'addService', 'incomplete-service', ['ErrorControl = 1\r\n', '']),
  damage('no ServiceBinary', 'addService', 'incomplete-service', [
    'ServiceBinary = %12%\\viostor.sys\r\n',
    '',
  ]),
  damage('a word as StartType', 'addService', 'incomplete-service', ['StartType = 3', 'StartType = demand']),
  damage('a misspelled StartType', 'addService', 'incomplete-service misspelled-directive', [
    'StartType',
    'StratType',
  ]),
  damage('a StartType without an equals sign', 'addService', 'incomplete-service line-without-key', [
    'StartType = 3',
    'StartType 3',
  ]),
  damage('two values of StartType', 'addService', 'doubled-entry', [
    'StartType = 3',
    'StartType = 3\r\nStartType = 0',
  ]),
  damage('a ServiceType that does not exist', 'addService', 'bad-service-value', [
    'ServiceType = 1',
    'ServiceType = 3',
  ]),
  damage('the ServiceType of a program', 'addService', 'bad-service-value', [
    'ServiceType = 1',
    'ServiceType = 0x20',
  ]),
  damage('a StartType that does not exist', 'addService', 'bad-service-value', [
    'StartType = 3',
    'StartType = 30',
  ]),
  damage('an ErrorControl that does not exist', 'addService', 'bad-service-value', [
    'ErrorControl = 1',
    'ErrorControl = 10',
  ]),
  damage('an automatic start of a driver', 'addService', 'odd-service-start', [
    'StartType = 3',
    'StartType = 2',
  ]),
  damage('a disabled driver', 'addService', 'odd-service-start', ['StartType = 3', 'StartType = 4']),
  damage('a ServiceBinary with a drive letter', 'addService', 'bad-service-binary', [
    '%12%\\',
    'C:\\Windows\\system32\\drivers\\',
  ]),
  damage('a ServiceBinary without a folder', 'addService', 'bad-service-binary', ['%12%\\', '']),
  damage('a directory number without percent signs', 'dirids', 'bad-service-binary', ['%12%\\', '12\\']),
  damage('a directory number with one percent sign', 'dirids', 'bad-service-binary', ['%12%\\', '%12\\']),
  damage('an argument of a driver', 'addService', 'bad-service-binary', [
    'ServiceBinary = %12%\\viostor.sys',
    'ServiceBinary = %12%\\viostor.sys /s',
  ]),
  damage('a slash in a ServiceBinary', 'addService', 'bad-service-binary', ['%12%\\', '%12%/']),
  damage('no backslash after a directory number', 'dirids', 'bad-service-binary', ['%12%\\', '%12%']),
  damage('a ServiceBinary in another folder', 'addService', 'service-binary-not-copied', [
    '%12%\\',
    '%11%\\',
  ]),
  damage('a ServiceBinary that is not copied', 'addService', 'service-binary-not-copied', [
    '%12%\\viostor.sys',
    '%12%\\viostr.sys',
  ]),
  damage('a service section that is not there', 'addService', 'missing-section unused-section', [
    '2, viostor_Service',
    '2, viostor_Servise',
  ]),
  damage('no AddService', 'validation', 'no-function-service unused-section', [
    'AddService = viostor, 2, viostor_Service\r\n',
    '',
  ]),
  damage('a misspelled AddService', 'services', 'misspelled-directive no-function-service', [
    'AddService',
    'AddServise',
  ]),
  damage('no flag for the function driver', 'validation', 'no-function-service', [
    'viostor, 2,',
    'viostor,,',
  ]),
  damage('a filter that is a function driver too', 'addService', 'several-function-services', [
    'viostor, 2,',
    'viofilter, 2, viostor_Service\r\nAddService = viostor, 2,',
  ]),
  damage('a .Services section of another name', 'services', 'no-function-service unused-section', [
    '[viostor_Install.Services]',
    '[viostor_Instal.Services]',
  ]),
  damage('a .Services section with a misspelled suffix', 'services', 'no-function-service unused-section', [
    '.Services]',
    '.Service]',
  ]),
  damage('a disk driver that is started on demand', 'addService', 'boot-disk-service', ...scsi, [
    'StartType = 3',
    'StartType = 3\r\nLoadOrderGroup = SCSI miniport',
  ]),
  damage(
    'a disk driver without a group',
    'addService',
    'odd-service-start pe/unsigned-boot-driver',
    ...scsi,
    ['StartType = 3', 'StartType = 0'],
  ),
  damage('a misspelled group', 'addService', 'odd-service-start', [
    'StartType = 3',
    'StartType = 3\r\nLoadOrderGroup = Extened Base',
  ]),
  damage('Needs of an install section among services', 'validation', 'needs-of-other-kind', [
    '.Services]',
    '.Services]\r\nInclude = wudfrd.inf\r\nNeeds = WUDFRD.NT',
  ]),
  damage('DelService for Windows 10', 'universal', 'legacy-directive', [
    '2, viostor_Service',
    '2, viostor_Service\r\nDelService = old',
  ]),
];
