import { expect, test } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { registryOf } from '../../../pipeline/formats/inf/registry.ts';

const inf = (text: string) => parseInf(Buffer.from(text.replaceAll('\n', '\r\n')));

const driver = `[Version]
Signature="$Windows NT$"
[I.NT]
AddReg=soft
[I.NT.HW]
AddReg=hard
DelReg=old
[I.NT.Services]
Needs=More.Services
[More.Services]
AddService=viostor,2,svc,log
[svc]
ServiceType=1
AddReg=params
[log]
AddReg=events
[I.NT.Interfaces]
AddInterface={a},,face
[face.NT]
AddReg=soft
[ClassInstall32.NT]
AddReg=cls
[soft]
HKR,,Name,,%text%
[hard]
HKR,Sub,Size,0x00010001,0x10
HKR,Sub,Many,0x00010008,"a","b"
[old]
HKR,Sub,Gone
[params]
HKR,Parameters,Odd,0x70000,x
HKR,Parameters,Keep,0x20002,%%SystemRoot%%\\x
[events]
HKR,,EventMessageFile
[cls]
HKR,,,0,Disks
[unused]
HKR,,Never,,1
[Strings]
text="value"
`;

test('values are listed with what HKR stands for, their type and data', () => {
  expect(registryOf(inf(driver), 'amd64', ['I.NT'])).toEqual([
    { of: 'driver', key: 'HKR', name: 'Name', value: 'text value' },
    { of: 'device', key: 'HKR\\Sub', name: 'Size', value: 'dword 16' },
    { of: 'device', key: 'HKR\\Sub', name: 'Many', value: 'list+0x8 a b' },
    { of: 'device', key: 'HKR\\Sub', name: 'Gone' },
    { of: 'service viostor', key: 'HKR\\Parameters', name: 'Odd', value: 'type 0x70000 x' },
    { of: 'service viostor', key: 'HKR\\Parameters', name: 'Keep', value: 'path+0x2 %SystemRoot%\\x' },
    { of: 'event log of viostor', key: 'HKR', name: 'EventMessageFile', value: 'text' },
    { of: 'interface {a}', key: 'HKR', name: 'Name', value: 'text value' },
    { of: 'class', key: 'HKR', name: '', value: 'text Disks' },
  ]);
});

test('a list that thousands of sections name has a limit', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `S${index}`);
  const services = names.map((name) => `AddService=${name},0,${name}\n`).join('');
  const sections = names.map((name) => `[${name}]\nAddReg=long\n`).join('');
  const long = `[long]\n${'HKR,,a,,b\n'.repeat(2000)}`;
  const text = `[Version]\nSignature="$Windows NT$"\n[I.Services]\n${services}${sections}${long}`;
  expect(registryOf(inf(text), 'x86', ['I'])).toHaveLength(10_000);
});
