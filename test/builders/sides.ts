import fc from 'fast-check';
import type { Side, SidePackage } from '../../pipeline/diff/side.ts';
import { signatureStates } from '../../pipeline/formats/signature/signature.ts';
import { loadConditions } from '../../pipeline/formats/windows/signing-policy.ts';

export const digest = (text: string) => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

/** Returns a whole driver package of a disc. */
export function driver(changes: Partial<SidePackage> = {}): SidePackage {
  const inf = changes.inf ?? 'viostor/w11/amd64/viostor.inf';
  const folder = inf.slice(0, inf.lastIndexOf('/'));
  return {
    driver: 'viostor',
    target: { os: 'w11', arch: 'amd64' },
    inf,
    driverVer: '01/02/2026,1.2.3.4',
    hardwareIds: ['PCI\\VEN_1AF4&DEV_1001'],
    compatibleIds: [],
    services: ['viostor'],
    signature: 'whql',
    verdict: { integrity: 'good', uncovered: [], trust: 'whql', signer: 'Microsoft' },
    loads: 'secure-boot',
    files: [
      { path: `${folder}/viostor.inf`, sha256: digest('inf'), size: 10 },
      { path: `${folder}/viostor.cat`, sha256: digest('cat'), size: 20 },
      { path: `${folder}/viostor.sys`, sha256: digest('sys'), size: 30, authenticode: digest('code') },
    ],
    install: {
      services: [{ name: 'viostor', function: true, start: 0, type: 1 }],
      registry: [{ of: 'service viostor', key: 'HKR\\Parameters', name: 'BusType', value: 'dword 10' }],
      files: [{ source: 'viostor.sys', target: '%windir%\\system32\\drivers\\viostor.sys' }],
    },
    ...changes,
  };
}

/** Returns a disc of packages. */
export function side(packages: readonly SidePackage[], more: Partial<Side> = {}): Side {
  const files = packages.flatMap((found) => found.files ?? []);
  return { input: 'x.iso', kind: 'disc', packages, files, problems: [], ...more };
}

/** Few names, so that the sides of a run have packages in common. */
const anyFile = fc.record({
  path: fc.constantFrom(
    ...['a/x.inf', 'a/X.inf', 'a/x.cat', 'b/x.sys', 'c/y.msi', 'C/Y.msi', 'z'],
    ...['i386/w10/x.inf', 'i386/w10/x.cat', '$WinPEDriver$/x/x.inf', '$WINPEDRIVER$/X/x.inf'],
  ),
  sha256: fc.constantFrom(...['1', '2', '3'].map(digest)),
  size: fc.nat(99),
  authenticode: fc.constantFrom(undefined, digest('4')),
});
const anyName = fc.constantFrom('', 'x', 'X', 'y');
const anyIds = fc.array(fc.constantFrom('A', 'a', 'B', 'C'), { maxLength: 3 });
const anyPackage: fc.Arbitrary<SidePackage> = fc.record(
  {
    driver: fc.constantFrom('x', 'X', 'y'),
    target: fc.record({ os: fc.constantFrom('w10', '?'), arch: fc.constantFrom('x86', '?') }),
    inf: fc.constantFrom('a/x.inf', 'b/x.inf', 'b/X.inf', 'y.inf'),
    name: anyName,
    driverVer: fc.constantFrom('01/02/2026,1.0', '01/01/2026,1.1', '1.1', 'x,y'),
    hardwareIds: anyIds,
    compatibleIds: anyIds,
    services: fc.array(anyName, { maxLength: 2 }),
    signature: fc.constantFrom(...signatureStates),
    verdict: fc.record({
      integrity: fc.constantFrom('good' as const, 'none' as const),
      uncovered: fc.array(fc.constantFrom('a/x.sys', 'b/x.sys'), { maxLength: 2 }),
      trust: fc.constantFrom(...signatureStates),
    }),
    loads: fc.constantFrom(...loadConditions),
    files: fc.array(anyFile, { maxLength: 3 }),
    missing: fc.array(fc.constantFrom('x.sys', 'x.cat', 'Y.DLL'), { maxLength: 2 }),
    install: fc.record({
      services: fc.array(fc.record({ name: anyName, function: fc.boolean() }), { maxLength: 2 }),
      registry: fc.array(fc.record({ of: anyName, key: anyName, name: anyName }), { maxLength: 2 }),
      files: fc.array(fc.record({ source: anyName, target: anyName }), { maxLength: 2 }),
    }),
  },
  { requiredKeys: ['driver', 'target', 'inf', 'signature', 'verdict'] },
);
/** A folder has each path once. */
export const anySide: fc.Arbitrary<Side> = fc
  .record({
    packages: fc.uniqueArray(anyPackage, {
      maxLength: 5,
      selector: ({ target, inf }) => [inf, target.os, target.arch].join(),
    }),
    files: fc.uniqueArray(anyFile, { maxLength: 8, selector: ({ path }) => path }),
  })
  .map((some) => ({ ...side([]), ...some }));
