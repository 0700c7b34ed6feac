import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { missingSections, namedSections } from '../../../pipeline/formats/inf/references.ts';
import { crlf } from '../bytes.ts';

const head = '[Manufacturer]\nV = M, NTamd64.6.1, NTx86.6.1\n[M.NTamd64.6.1]\nD = Inst, PCI\\A\n';
const missing = (text: string) => missingSections(parseInf(crlf(head + text)), 'amd64');

describe('missingSections', () => {
  it('gives what lists, services and the sections of services name', () => {
    const text = [
      '[Inst.NT]',
      'CopyFiles = Files, @own.sys, Lost.Files',
      'DelReg =',
      '[Files]',
      'a.sys',
      '[Inst.NT.HW]',
      'AddReg = Lost.Reg',
      '[Inst.NT.Services]',
      'AddService = , 2',
      'AddService = s, 2, Service, Lost.Log',
      '[Service]',
      'AddReg = Lost.Service.Reg',
      '[Inst.NT.Wdf]',
      'KmdfService = s, Lost.Wdf',
    ];
    expect(missing(text.join('\n'))).toEqual([
      { section: 'Lost.Files', directive: 'CopyFiles', line: 6, infs: [] },
      { section: 'Lost.Reg', directive: 'AddReg', line: 11, infs: [] },
      { section: 'Lost.Log', directive: 'AddService', line: 14, infs: [] },
      { section: 'Lost.Service.Reg', directive: 'AddReg', line: 16, infs: [] },
      { section: 'Lost.Wdf', directive: 'KmdfService', line: 18, infs: [] },
    ]);
  });

  it('gives install sections of the architecture that are absent, and takes decorated ones for them', () => {
    expect(missing('')).toEqual([{ section: 'Inst', directive: 'model', line: 4, infs: [] }]);
    expect(missing('[M.NTx86.6.1]\nD = Lost32, PCI\\A\n[inst.ntamd64]\n')).toEqual([]);
  });

  it('does not follow lists, nor what nothing leads to, nor sections that name each other', () => {
    expect(missing('[Inst]\nCopyFiles = Files\n[Files]\nAddReg = Lost\n[Other]\nAddReg = Lost\n')).toEqual(
      [],
    );
    const ring = '[Inst]\n[Inst.Services]\nAddService = s, 2, A\n[A]\nAddService = s, 2, A, Inst.Services\n';
    expect(missing(ring)).toEqual([]);
  });
});

describe('namedSections', () => {
  it('gives each section that a directive names anywhere, once', () => {
    const inf = parseInf(crlf('[A]\nAddReg = B, lost\n[C]\naddreg = b, D\nDelReg = E\n[B]\n[D]\n[E]\n'));
    expect(namedSections(inf, 'AddReg').map(({ name }) => name)).toEqual(['B', 'D']);
  });
});
