import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { unusedSections, unusedStrings } from '../../../pipeline/formats/inf/unused.ts';
import { crlf } from '../bytes.ts';

describe('unusedSections', () => {
  const unused = (text: string) => unusedSections(parseInf(crlf(text))).map(({ name }) => name);

  it('passes what Windows looks for and what a line names, with the endings that Windows appends', () => {
    const sections = [
      'Version',
      'SourceDisksFiles.amd64',
      'DefaultInstall.NTamd64.Services',
      'DefaultInstall.NTamd64.10.0...25952.Services',
      'Strings.0407',
      'M.NTamd64.10.0...16299',
      'Inst.NTamd64.Wdf',
      'Inst.HW',
      'Reg.Security',
    ];
    const text = '[Manufacturer]\nV = M, NTamd64.10.0...16299\n[A.NT]\nx = 1, Inst, REG, a\n';
    expect(unused(text + sections.map((name) => `[${name}]\n`).join(''))).toEqual([]);
  });

  it('gives the others, models that [Manufacturer] does not name among them', () => {
    const text =
      '[Manufacturer]\nV = M, NTamd64.6.1\n[M.NTamd64.6.1]\nD = Inst, X\n[M.NTx86.6.1]\n[Inst.Remove.Services]\n';
    expect(unused(`${text}[Strings]\nA = Only\n[Only]\n`)).toEqual([
      'M.NTx86.6.1',
      'Inst.Remove.Services',
      'Only',
    ]);
  });
});

describe('unusedStrings', () => {
  it('gives the keys that stand in no key or value outside [Strings]', () => {
    const text =
      '[A]\n%One% = "%TWO% x", %%three%%, %12%\n[Strings]\none = 1\nTwo = 2\nThree = %Four%\nFour = 4\n';
    expect(unusedStrings(parseInf(crlf(text)))).toEqual([
      { key: 'three', line: 6 },
      { key: 'four', line: 7 },
    ]);
  });
});
