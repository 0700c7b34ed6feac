import { describe, expect, it } from 'vitest';
import { copiedFiles } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { infServices, serviceFile, servicePath } from '../../../pipeline/formats/inf/install.ts';
import { includedSection, leadingTo, withNeeded } from '../../../pipeline/formats/inf/needs.ts';
import { missingSections } from '../../../pipeline/formats/inf/references.ts';
import { crlf } from '../bytes.ts';

const head = '[Manufacturer]\nV = M, NTamd64\n[M.NTamd64]\nD = Inst, PCI\\A\n[Inst]\n';
const parse = (text: string) => parseInf(crlf(head + text));
const missing = (text: string) => missingSections(parse(text), 'amd64');

describe('withNeeded', () => {
  it('follows Needs within the INF, each section once', () => {
    const inf = parse('Needs = Second, Outer\n[Second]\nNeeds = inst, Third\n[Third]\nneeds = OUTER\n');
    const names = withNeeded(inf, ['Inst', 'absent']).map(({ name }) => name);
    expect(names).toEqual(['Inst', 'Second', 'Third']);
  });

  it('takes time in proportion to the INF, also where 5,000 sections need each other', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `S${index}`);
    const text = names.map((name, index) => `[${name}]\nNeeds = S${(index + 1) % 5000}, Inst\n`).join('');
    const inf = parse(`Needs = S0\n${text}`);
    expect(withNeeded(inf, ['Inst'])).toHaveLength(5001);
    expect(leadingTo(inf, (name) => name === 's7').size).toBe(5001);
  });
});

describe('services, copies and references behind Needs', () => {
  it('finds a boot driver that another section of the INF installs', () => {
    const text =
      '[Inst.Services]\nNeeds = Other.Services\n[Other.Services]\nAddService = boot, 2, Boot\n[Boot]\nStartType = 0\n';
    expect(infServices(parse(text), 'amd64')).toMatchObject([{ name: 'boot', start: 0 }]);
  });

  it('finds files that needed sections and interfaces copy', () => {
    const text = [
      'Needs = Other',
      '[Other]',
      'CopyFiles = @needed.sys',
      '[Inst.Interfaces]',
      'AddInterface = {0}, , Face',
      'AddInterface = {1}, , Plain',
      '[Face.NT]',
      'CopyFiles = @face.dll',
      '[Plain]',
      'Needs = More',
      '[More]',
      'CopyFiles = @more.dll',
      '[InterfaceInstall32]',
      '{2} = Class',
      '[Class]',
      'CopyFiles = @class.dll',
      '[Unused]',
      'CopyFiles = @unused.dll',
    ];
    const names = copiedFiles(parse(text.join('\n')), 'amd64').map(({ name }) => name);
    expect(names).toEqual(['needed.sys', 'face.dll', 'more.dll', 'class.dll']);
    expect(missing(text.join('\n'))).toEqual([]);
  });

  it('reports a missing section behind Needs, and one that Needs names where nothing is included', () => {
    const text = 'Needs = Other, Lost\n[Other]\nAddReg = Lost.Reg\n';
    expect(missing(text)).toEqual([
      { section: 'Lost', directive: 'Needs', line: 6, infs: [] },
      { section: 'Lost.Reg', directive: 'AddReg', line: 8, infs: [] },
    ]);
  });

  it('names the included INFs that can have a section, for the section that includes them', () => {
    const text =
      'CopyFiles = Lost\n[Inst.HW]\nInclude = pci.inf\nNeeds = Anything.HW\nAddReg = Lost.HW\n[Inst.Services]\nAddService = a, 2, Lost.Service\n';
    expect(missing(text)).toEqual([
      { section: 'Lost', directive: 'CopyFiles', line: 6, infs: [] },
      { section: 'Lost.HW', directive: 'AddReg', line: 10, infs: ['pci.inf'] },
      { section: 'Lost.Service', directive: 'AddService', line: 12, infs: [] },
    ]);
  });

  it('counts the INFs that the install section includes for the sections beside it', () => {
    const text = 'Include = mdmcpq.inf\n[Inst.Services]\nAddService = a, 2, Lost\n';
    expect(missing(text)).toMatchObject([{ section: 'Lost', infs: ['mdmcpq.inf'] }]);
  });
});

it('includedSection knows sections of the INFs that are included, and of no others', () => {
  const inf = parse('Include = MdmCpq.inf\n');
  expect(includedSection(inf, 'fakeModemCopyFileSection')).toEqual({
    inf: 'MdmCpq.inf',
  });
  expect(includedSection(inf, 'WINUSB.NT.Services')).toBeUndefined();
});

it.each([
  ['%12%\\viostor.sys', '%12%\\viostor.sys', 'viostor.sys'],
  ['%11%\\svchost.exe -k netsvcs -p C:\\x.sys', '%11%\\svchost.exe', 'svchost.exe'],
  ['"%16422%\\A B\\a.exe" --run', '%16422%\\A B\\a.exe', 'a.exe'],
  ['system32/drivers/mf.SYS', 'system32/drivers/mf.SYS', 'mf.SYS'],
  ['%12%\\odd', '%12%\\odd', 'odd'],
])('the program of the service %s is %s', (binary, path, file) => {
  expect(servicePath(binary)).toBe(path);
  expect(serviceFile(binary)).toBe(file);
});
