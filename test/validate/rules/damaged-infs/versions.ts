import type { Change } from '../changed-inf.ts';
import { type Damage, damage } from './damage.ts';

const system = '{4d36e97d-e325-11ce-bfc1-08002be10318}';
const extension: readonly Change[] = [
  ['Class = System', 'Class = Extension'],
  [system, '{e2f84ce7-8efa-411c-aa69-97454ca4cb57}'],
  ['viostor, 2,', 'viostor,,'],
];

/** Damages of the section [Version]. */
export const versions: readonly Damage[] = [
  damage(
    'the section renamed',
    'version',
    'bad-signature catalog/not-named misspelled-section unnamed-file',
    ['[Version]', '[Verison]'],
  ),
  damage('no Signature', 'version', 'bad-signature', ['Signature = "$Windows NT$"\r\n', '']),
  damage('a misspelled Signature', 'version', 'bad-signature', ['$Windows NT$', '$Windows NT']),
  damage('another system in the Signature', 'version', 'bad-signature', ['$Windows NT$', '$Windows 95$']),
  damage('no Class', 'version', 'no-class', ['Class = System\r\n', '']),
  damage('no ClassGuid', 'version', 'no-class', [`ClassGuid = ${system}\r\n`, '']),
  damage('an empty Class', 'version', 'no-class', ['Class = System', 'Class =']),
  damage('a ClassGuid without braces', 'version', 'no-class', [system, system.slice(1, -1)]),
  damage('a ClassGuid that lacks a digit', 'version', 'no-class', ['e97d-', 'e97-']),
  damage('a wrong digit in the ClassGuid', 'classes', 'class-mismatch', ['e97d-', 'e37d-']),
  damage('the ClassGuid of another class', 'classes', 'class-mismatch', ['e97d-', 'e972-']),
  damage('the Class of another ClassGuid', 'classes', 'class-mismatch', ['Class = System', 'Class = Net']),
  damage('a misspelled Class', 'classes', 'class-mismatch', ['Class = System', 'Class = Sistem']),
  damage(
    'a reserved class',
    'classes',
    'reserved-class',
    ['Class = System', 'Class = Unknown'],
    ['e97d-', 'e97e-'],
  ),
  damage('ClassInstall32 for a class of Windows', 'validation', 'class-install-of-microsoft-class', [
    '',
    '[ClassInstall32]\r\nAddReg = Class_Reg\r\n[Class_Reg]\r\nHKR,,,0,x\r\n',
  ]),
  damage('no Provider', 'version', 'no-provider', ['Provider = %Vendor%\r\n', '']),
  damage('a blank Provider', 'version', { why: 'certified drivers have one' }, [
    'Provider = %Vendor%',
    'Provider = " "',
  ]),
  damage('an empty Provider', 'version', 'no-provider', ['Provider = %Vendor%', 'Provider = ""']),
  damage('a misspelled Provider', 'version', 'misspelled-directive no-provider', ['Provider =', 'Providr =']),
  damage('Microsoft as Provider', 'validation', 'microsoft-provider', [
    'Provider = %Vendor%',
    'Provider = "Microsoft"',
  ]),
  damage('no DriverVer', 'driverVer', 'bad-driver-ver', ['DriverVer = 01/02/2026,0.1.0.1\r\n', '']),
  damage('the day first in DriverVer', 'driverVer', 'bad-driver-ver', ['01/02/2026', '31/01/2026']),
  damage('the year first in DriverVer', 'driverVer', 'bad-driver-ver', ['01/02/2026', '2026/01/02']),
  damage('dots in the date of DriverVer', 'driverVer', 'bad-driver-ver', ['01/02/2026', '01.02.2026']),
  damage('a day that no month has', 'driverVer', 'bad-driver-ver', ['01/02/2026', '02/30/2025']),
  damage('a DriverVer without a version', 'driverVer', 'bad-driver-ver', [',0.1.0.1', '']),
  damage('three numbers in the version', 'driverVer', 'short-driver-ver', [',0.1.0.1', ',0.1.0']),
  damage('five numbers in the version', 'driverVer', 'bad-driver-ver', [',0.1.0.1', ',0.1.0.1.1']),
  damage('a number over 65535 in the version', 'driverVer', 'bad-driver-ver', [',0.1.0.1', ',0.1.0.65536']),
  damage('a letter in the version', 'driverVer', 'bad-driver-ver', [',0.1.0.1', ',0.1.0.1a']),
  damage('a DriverVer in the future', 'driverVer', 'release/future-driver-ver', ['01/02/2026', '01/02/2036']),
  damage('two values of DriverVer', 'version', 'doubled-entry', [
    'PnpLockdown = 1',
    'PnpLockdown = 1\r\nDriverVer = 01/03/2026,0.1.0.2',
  ]),
  damage('no PnpLockdown', 'version', 'no-pnp-lockdown', ['PnpLockdown = 1\r\n', '']),
  damage('PnpLockdown switched off', 'version', 'no-pnp-lockdown', ['PnpLockdown = 1', 'PnpLockdown = 0']),
  damage('a misspelled CatalogFile', 'validation', 'catalog/not-named misspelled-directive unnamed-file', [
    'CatalogFile',
    'CatalogFiles',
  ]),
  damage('a catalog that is not there', 'version', 'missing-file unnamed-file', [
    'viostor.cat',
    'viostr.cat',
  ]),
  damage('a catalog in a folder', 'version', 'catalog/not-named missing-file unnamed-file', [
    'viostor.cat',
    'cat\\viostor.cat',
  ]),
  damage('no ExtensionId', 'extension', 'bad-extension', ...extension),
  damage('an ExtensionId that is no GUID', 'extension', 'bad-extension', ...extension, [
    'PnpLockdown = 1',
    'PnpLockdown = 1\r\nExtensionId = 7',
  ]),
];
