import { expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { defaultInstalls, modelsFor } from '../../../pipeline/formats/inf/install.ts';
import { crlf } from '../bytes.ts';

it('defaultInstalls gives the plain and the decorated section, not those beside them', () => {
  const names = ['defaultinstall', 'DefaultInstall.NTamd64.10.0...25952', 'DefaultInstall.NTx86'];
  const others = ['DefaultInstall.Services', 'DefaultInstall.NTx86.Services', 'DefaultInstall32', 'Version'];
  const inf = parseInf(crlf([...names, ...others].map((name) => `[${name}]\n`).join('')));
  expect(defaultInstalls(inf).map(({ name }) => name)).toEqual(names);
});

it('modelsFor gives the models of every section that can apply to the architecture', () => {
  const text = [
    '[Manufacturer]',
    'V = M, NTamd64.6.1, NTx86, NT.10.0',
    '[M]',
    'plain = A, 1',
    '[M.NTamd64.6.1]',
    'amd64 = A, 1',
    '[M.NTx86]',
    'x86 = A, 1',
    '[M.NT.10.0]',
    'any = A, 1',
  ];
  const inf = parseInf(crlf(text.join('\n')));
  const names = (arch: 'x86' | 'amd64' | 'ARM64') => modelsFor(inf, arch).map((model) => model.description);
  expect(names('amd64')).toEqual(['amd64', 'any']);
  expect(names('x86')).toEqual(['plain', 'x86', 'any']);
  expect(names('ARM64')).toEqual(['any']);
});

it('modelsFor leaves out what a section of the architecture itself always wins over', () => {
  const sections = ['NT', 'NTamd64', 'NT.6.1', 'NTamd64.10.0'].map((name) => `[M.${name}]\n${name} = A, 1\n`);
  const inf = parseInf(
    crlf(`[Manufacturer]\nV = M, NT, NTamd64, NT.6.1, NTamd64.10.0, NTARM64\n${sections.join('')}`),
  );
  const names = (arch: 'x86' | 'amd64' | 'ARM64') => modelsFor(inf, arch).map((model) => model.description);
  expect(names('amd64')).toEqual(['NTamd64', 'NT.6.1', 'NTamd64.10.0']);
  expect(names('x86')).toEqual(['NT', 'NT.6.1']);
  expect(names('ARM64')).toEqual(['NT', 'NT.6.1']);
});
