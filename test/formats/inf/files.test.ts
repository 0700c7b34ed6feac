import { describe, expect, it } from 'vitest';
import {
  catalogFile,
  copiedFiles,
  copiedInfs,
  copyTargets,
  installedFiles,
  namedFiles,
  uncopiedFiles,
} from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { guestPath } from '../../../pipeline/formats/inf/install.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import { crlf } from '../bytes.ts';

const parse = (text: string) => parseInf(crlf(text));
const names = (text: string, arch: Arch = 'amd64') => namedFiles(parse(text), arch).map(({ name }) => name);

describe('catalogFile', () => {
  const version =
    '[Version]\nCatalogFile = all.cat\nCatalogFile.nt = nt.cat\nCatalogFile.NTamd64 = amd64.cat\n';

  it.each<[Arch, string, number]>([
    ['amd64', 'amd64.cat', 4],
    ['x86', 'nt.cat', 3],
    ['ARM64', 'nt.cat', 3],
  ])('for %s is %s', (arch, name, line) => {
    expect(catalogFile(parse(version), arch)).toEqual({ name, line });
  });

  it('is the plain one when no other is given', () => {
    expect(catalogFile(parse('[version]\ncatalogfile = a.cat\n'), 'x86')).toEqual({ name: 'a.cat', line: 2 });
  });

  it('has its %strings% expanded, as Windows does', () => {
    const inf = parse('[Version]\nCatalogFile = %File%_x86.cat\n[Strings]\nFile = "boards"\n');
    expect(catalogFile(inf, 'x86')).toEqual({ name: 'boards_x86.cat', line: 2 });
  });

  it.each(['[Version]\n', '[Version]\nCatalogFile =\n', '[Other]\n'])('is absent in %j', (text) => {
    expect(catalogFile(parse(text), 'amd64')).toBeUndefined();
  });
});

const manufacturer = '[Manufacturer]\n%V% = M, NTamd64.6.1, NTx86.6.1\n';
const models = `${manufacturer}[M.NTamd64.6.1]\nD = Inst, PCI\\VEN_1AF4\n[M.NTx86.6.1]\nD = Inst32, PCI\\VEN_1AF4\n`;

describe('installedFiles', () => {
  const text = `${models}
[Inst]
CopyFiles = List
CopyINF = "Sub\\more.inf",
[Inst32]
CopyFiles = List32
[List]
new.sys,driver.sys
[List32]
driver32.sys
[Forgotten]
signed.exe
[SourceDisksFiles]
driver.sys = 1,x64
driver32.sys = 1
signed.exe = 1
`;

  it('are those that the architecture copies, where SourceDisksFiles has them', () => {
    const installed = (arch: Arch) => installedFiles(parse(text), arch).map(({ name }) => name);
    expect(installed('amd64')).toEqual(['x64/driver.sys']);
    expect(installed('x86')).toEqual(['driver32.sys']);
  });

  it('are all named files where the INF does not install on the architecture', () => {
    expect(installedFiles(parse(text), 'ARM64').map(({ name }) => name)).toEqual(names(text, 'ARM64'));
    expect(names(text, 'ARM64')).toHaveLength(3);
  });

  it('leave out what no CopyFiles of any architecture copies', () => {
    expect(uncopiedFiles(parse(text), 'amd64').map(({ name }) => name)).toEqual(['signed.exe']);
  });

  it('come with the INFs of CopyINF', () => {
    expect(copiedInfs(parse(text), 'amd64')).toEqual([{ name: 'Sub/more.inf', line: 10 }]);
    expect(copiedInfs(parse(text), 'x86')).toEqual([]);
  });
});

describe('namedFiles', () => {
  const copying = `${models}[Inst]\nCopyFiles = Files\n[Files]\nusbser.sys\nown.sys\n`;

  it('leaves out a file of Windows that LayoutFile lists, and no other file', () => {
    expect(names(`[Version]\nLayoutFile = layout.inf\n${copying}`)).toEqual(['own.sys']);
    expect(names(copying)).toEqual(['own.sys', 'usbser.sys']);
    const shipped = `[Version]\nLayoutFile = layout.inf\n${copying}[SourceDisksFiles]\nusbser.sys = 1\n`;
    expect(names(shipped)).toEqual(['own.sys', 'usbser.sys']);
  });

  it('gives what SourceDisksFiles lists, each once and sorted without case, with its line', () => {
    const inf = parse('[SourceDisksFiles]\nB.sys = 1\na.dll = 1,,\nb.SYS = 1\n');
    expect(namedFiles(inf, 'amd64')).toEqual([
      { name: 'a.dll', line: 3 },
      { name: 'B.sys', line: 2 },
    ]);
  });

  it('takes the section of the architecture before the plain one, for the same file', () => {
    const text = '[SourceDisksFiles]\na.sys = 1\nb.sys = 1\n[SourceDisksFiles.amd64]\nA.SYS = 1,x64\n';
    expect(names(text)).toEqual(['b.sys', 'x64/A.SYS']);
    expect(names(text, 'x86')).toEqual(['a.sys', 'b.sys']);
  });

  it('adds the path of the disk and the subfolder', () => {
    const disks =
      '[SourceDisksNames]\n1 = D,,,"\\base"\n2 = E,,,\\all\n[SourceDisksNames.amd64]\n2 = E,,,\\x64\\\n';
    const text = `${disks}[SourceDisksFiles]\na.sys = 1,sub\\dir\nb.sys = 1\nc.sys = 2\nd.sys = 3\n`;
    expect(names(text)).toEqual(['base/b.sys', 'base/sub/dir/a.sys', 'd.sys', 'x64/c.sys']);
  });

  it('follows CopyFiles of the install sections of the architecture, and of co-installers', () => {
    const text = `${models}
[Inst.NTamd64]
CopyFiles = List, @direct.exe
CopyFiles = Second
[Inst.NT]
CopyFiles = NotThis
[Inst.NTamd64.CoInstallers]
CopyFiles = Co
[Inst32]
CopyFiles = List32
[List]
driver.sys,,,2
[Second]
renamed_1_0.exe, monitor.exe
DRIVER.SYS
[Co]
WdfCoInstaller01011.dll
[NotThis]
never.sys
[List32]
driver32.sys
`;
    expect(names(text)).toEqual(['direct.exe', 'driver.sys', 'monitor.exe', 'WdfCoInstaller01011.dll']);
    expect(names(text, 'x86')).toEqual(['driver32.sys']);
    expect(names(text, 'ARM64')).toEqual([]);
  });

  it('falls back from S.NT<arch> to S.NT and to S', () => {
    const lists = '[A]\na.sys\n[B]\nb.sys\n[Inst]\nCopyFiles = A\n';
    expect(names(`${models}${lists}`)).toEqual(['a.sys']);
    expect(names(`${models}${lists}[inst.nt]\nCopyFiles = B\n`)).toEqual(['b.sys']);
  });

  it('reads class and default installs without a manufacturer', () => {
    const text =
      '[ClassInstall32.NT]\nCopyFiles=A\n[DefaultInstall.NTamd64]\nCopyFiles=@f.sys\n[A]\nicon.dll\n';
    expect(names(text)).toEqual(['f.sys', 'icon.dll']);
    expect(names(text, 'x86')).toEqual(['icon.dll']);
  });

  it('gives a copied file the folder that SourceDisksFiles has for it', () => {
    const text = `${models}[Inst]\nCopyFiles=L\n[L]\nnew.sys,old.sys\n[SourceDisksFiles]\nOLD.sys = 1,x64\n`;
    expect(names(text)).toEqual(['x64/OLD.sys']);
  });

  it('does not replace %strings% in file names', () => {
    expect(names('[SourceDisksFiles]\n%f%.sys = 1\n[Strings]\nf = x\n')).toEqual(['%f%.sys']);
  });

  it('ignores an empty list and a list that is absent', () => {
    expect(names(`${models}[Inst]\nCopyFiles = Empty, Absent\n[Empty]\n;\n`)).toEqual([]);
  });

  it.each([
    ['[SourceDisksFiles]\n..\\a.sys = 1\n', 2, '../a.sys'],
    ['[SourceDisksFiles]\n\na.sys = 1,"x\\..\\.."\n', 3, '../a.sys'],
    ['[SourceDisksFiles]\n\na.sys = 1,"x\\y\\.."\n', 3, 'x/a.sys'],
    ['[SourceDisksFiles]\nc:\\a.sys = 1\n', 2, 'c:/a.sys'],
  ])('names where %j leads, also outside the folder', (text, line, name) => {
    expect(namedFiles(parse(text), 'x86')).toEqual([{ name, line }]);
  });
});

describe('copyTargets', () => {
  it('gives the names that files have on the guest, in lower case', () => {
    const inf = parse(`${models}[Inst]\nCopyFiles=@X.exe,L\n[L]\nNew.sys,old.sys,,0x4002\nplain.dll\n`);
    expect([...copyTargets(inf, 'amd64').keys()]).toEqual(['x.exe', 'new.sys', 'plain.dll']);
  });
});

describe('where copied files lie', () => {
  const lists = `${models}[Inst]\nCopyFiles=L,@x.exe\n[L]\nA.sys\n`;
  const drivers = '%windir%\\system32\\drivers';
  const system32 = '%windir%\\system32'; // where DestinationDirs names nothing

  it.each([
    ['L=12', drivers, system32],
    ['l = 10, System32\\Drivers', drivers, system32],
    ['L=12\nL=10', drivers, system32],
    ['L=13\nDefaultDestDir=11', '%13%', system32],
    ['DefaultDestDir=12,sub\\', `${drivers}\\sub`, `${drivers}\\sub`],
    ['L=x', undefined, system32],
  ])('%j', (destinations, list, single) => {
    const targets = copyTargets(parse(`${lists}[DestinationDirs]\n${destinations}\n`), 'amd64');
    expect(Object.fromEntries(targets)).toEqual({ 'a.sys': new Set([list]), 'x.exe': new Set([single]) });
  });

  it.each([
    ['%12%\\A.sys', `${drivers}\\a.sys`],
    ['%10%\\system32/drivers\\a.sys', `${drivers}\\a.sys`],
    ['%13%\\a.sys', '%13%\\a.sys'],
    ['System32\\drivers\\a.sys', undefined],
  ])('a service runs %j', (path, place) => {
    expect(guestPath(path)).toBe(place);
  });
});

describe('copiedFiles', () => {
  it("replaces %strings% in the names of lists and files, as Microsoft's own samples ask for", () => {
    const inf = parse(`${models}[Inst]\nCopyFiles=%L%,@%D%.exe\n[List]\n%D%.sys\n[Strings]\nL=List\nD=drv\n`);
    expect(copiedFiles(inf, 'amd64').map(({ name }) => name)).toEqual(['drv.exe', 'drv.sys']);
  });

  it('gives the source name and the line of each list entry', () => {
    const inf = parse(`${models}[Inst]\nCopyFiles=@x.exe,L\n[L]\nnew.sys,old.sys,,0x4002\n`);
    expect(copiedFiles(inf, 'amd64')).toEqual([
      { name: 'x.exe', line: 8 },
      { name: 'old.sys', line: 10 },
    ]);
  });
});
