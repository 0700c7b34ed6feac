import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { modelsSections, parseDecoration } from '../../../pipeline/formats/inf/models.ts';
import { type Guest, selectModels } from '../../../pipeline/formats/inf/select.ts';
import { crlf } from '../bytes.ts';

const parse = (text: string) => parseInf(crlf(text));

describe('parseDecoration', () => {
  it.each([
    ['NT', {}],
    ['ntAMD64', { arch: 'amd64' }],
    ['NTx86.5.1', { arch: 'x86', major: 5, minor: 1 }],
    ['NT.6', { major: 6 }],
    ['NTarm64.10.0...16299', { arch: 'arm64', major: 10, minor: 0, build: 16299 }],
    ['NTamd64.6.1.0x3.0x80', { arch: 'amd64', major: 6, minor: 1, productType: 3, suiteMask: 128 }],
    ['NTia64..1', { arch: 'ia64', minor: 1 }],
  ])('%s', (text, expected) => {
    expect(parseDecoration(text)).toEqual(expected);
  });

  it.each(['', 'x86', 'NTmips', 'NTx86.5.x', 'NTx86.1.2.3.4.5.6', 'NT x86'])('%j is none', (text) => {
    expect(parseDecoration(text)).toBeUndefined();
  });
});

describe('modelsSections', () => {
  it('gives every section that a manufacturer names, with its models', () => {
    const text = `[Manufacturer]
%V% = Std, NTx86, NTamd64.6.1
[Std]
"Old" = Inst, PCI\\1
[Std.NTamd64.6.1]
%D% = Inst, PCI\\VEN_1AF4&DEV_1001, PCI\\VEN_1AF4, ,PCI\\X
Compatible only = Inst,,PCI\\CC_01
[Strings]
V = "Vendor, Inc."
D = "A device"
`;
    expect(modelsSections(parse(text))).toEqual([
      {
        manufacturer: 'Vendor, Inc.',
        line: 2,
        section: 'Std',
        decoration: '',
        present: true,
        models: [
          { line: 4, description: 'Old', installSection: 'Inst', hardwareId: 'PCI\\1', compatibleIds: [] },
        ],
      },
      {
        manufacturer: 'Vendor, Inc.',
        line: 2,
        section: 'Std.NTx86',
        decoration: 'NTx86',
        target: { arch: 'x86' },
        present: false,
        models: [],
      },
      {
        manufacturer: 'Vendor, Inc.',
        line: 2,
        section: 'Std.NTamd64.6.1',
        decoration: 'NTamd64.6.1',
        target: { arch: 'amd64', major: 6, minor: 1 },
        present: true,
        models: [
          {
            line: 6,
            description: 'A device',
            installSection: 'Inst',
            hardwareId: 'PCI\\VEN_1AF4&DEV_1001',
            compatibleIds: ['PCI\\VEN_1AF4', 'PCI\\X'],
          },
          { line: 7, description: 'Compatible only', installSection: 'Inst', compatibleIds: ['PCI\\CC_01'] },
        ],
      },
    ]);
  });

  it('takes a manufacturer without = as the name of its section', () => {
    const [section] = modelsSections(parse('[Manufacturer]\nVendor\n[Vendor]\nD = I, X\n'));
    expect(section).toMatchObject({ manufacturer: 'Vendor', section: 'Vendor', present: true });
  });

  it('names the undecorated section when there is no other, though it is absent', () => {
    expect(modelsSections(parse('[Manufacturer]\nV = Std\n'))).toMatchObject([
      { section: 'Std', present: false },
    ]);
  });

  it('refuses models that multiply', () => {
    const many = `[Manufacturer]\n${'V = M\n'.repeat(400)}[M]\n${'D = I, X\n'.repeat(400)}`;
    expect(() => modelsSections(parse(many))).toThrow(
      '[Manufacturer] names too many models sections or models',
    );
  });
});

const w7: Guest = { major: 6, minor: 1, build: 7601, productType: 1, suite: 0x100, arch: 'amd64' };
const w10: Guest = { ...w7, major: 10, minor: 0, build: 19045 };
const w11: Guest = { ...w10, build: 22631 };
const server: Guest = { ...w10, productType: 3, suite: 0x190 };
const xp: Guest = { ...w7, major: 5, minor: 1, build: 2600, arch: 'x86' };

/** The decoration that a guest picks; `none` when nothing installs, `plain` for the undecorated section. */
function pick(decorations: string[], guest: Guest): string {
  const sections = decorations.map((deco) => `[M${deco === 'plain' ? '' : `.${deco}`}]\nD = I, X\n`).join('');
  const named = decorations.filter((decoration) => decoration !== 'plain').join(', ');
  const chosen = selectModels(parse(`[Manufacturer]\nV = M, ${named}\n${sections}`), guest);
  return chosen.map(({ decoration }) => decoration || 'plain').join() || 'none';
}

describe('selectModels', () => {
  it.each<[string, string[], Guest, string]>([
    [
      'the highest version not above the guest',
      ['NTamd64.6.0', 'NTamd64.6.1', 'NTamd64.6.2'],
      w7,
      'NTamd64.6.1',
    ],
    ['order does not matter', ['NTamd64.6.1', 'NTamd64.6.0', 'NTamd64'], w7, 'NTamd64.6.1'],
    ['nothing for an older guest', ['NTamd64.6.2'], w7, 'none'],
    ['nothing for another architecture', ['NTx86.6.1', 'NTarm64'], w7, 'none'],
    ['a version beats an architecture', ['NTamd64', 'NT.6.0'], w7, 'NT.6.0'],
    ['an architecture beats none', ['NT.6.1', 'NTamd64.6.1'], w7, 'NTamd64.6.1'],
    ['the platform alone', ['NT'], w7, 'NT'],
    ['a build of this version', ['NTamd64.10.0', 'NTamd64.10.0...16299'], w10, 'NTamd64.10.0...16299'],
    ['the highest build', ['NTamd64.10.0...22000', 'NTamd64.10.0...16299'], w11, 'NTamd64.10.0...22000'],
    ['not a build above the guest', ['NTamd64.10.0', 'NTamd64.10.0...22000'], w10, 'NTamd64.10.0'],
    ['a build only matters in the same version', ['NTamd64.6.3...90000'], w10, 'NTamd64.6.3...90000'],
    ['builds mean nothing before 10.0.14310', ['NTamd64', 'NTamd64.6.0...1'], w7, 'NTamd64'],
    ['builds mean nothing before 10.0.14310', ['NTamd64.10.0...10240'], { ...w10, build: 10586 }, 'none'],
    ['another product type', ['NTamd64.10.0.3'], w10, 'none'],
    ['its product type', ['NTamd64.10.0', 'NTamd64.10.0.3'], server, 'NTamd64.10.0.3'],
    ['its suite', ['NTamd64.10.0', 'NTamd64.10.0..0x80'], server, 'NTamd64.10.0..0x80'],
    ['another suite', ['NTamd64.10.0..0x280'], server, 'none'],
    ['undecorated on x86 only', ['plain'], w7, 'none'],
    ['undecorated on x86', ['plain', 'NTx86.6.0'], xp, 'plain'],
    ['any decoration before undecorated', ['plain', 'NT'], xp, 'NT'],
    ['a decoration that cannot be parsed is skipped', ['NTamd64.x', 'NTamd64'], w7, 'NTamd64'],
  ])('%s: %j', (_, decorations, guest, expected) => {
    expect(pick(decorations, guest)).toBe(expected);
  });

  it('chooses for each manufacturer', () => {
    const text =
      '[Manufacturer]\nA = X, NTamd64\nB = Y, NTamd64.6.1\nC = Z, NTx86\n[X.NTamd64]\n[Y.NTamd64.6.1]\n';
    expect(selectModels(parse(text), w7).map(({ section }) => section)).toEqual([
      'X.NTamd64',
      'Y.NTamd64.6.1',
    ]);
  });
});
