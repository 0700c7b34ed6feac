import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trustTestRoots } from '../../builders/authority.ts';
import { withCatalog } from '../../builders/catalog.ts';
import type { ReleaseOptions } from '../../builders/release.ts';
import { signPe } from '../../builders/signed-pe.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import { realDrivers } from '../../formats/reference.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { encodedFolder } from './changed-inf.ts';
import {
  cuts,
  type Diagnosis,
  diagnose,
  flipped,
  flippedAt,
  repeatedDiagnosis,
  saved,
  withOtherName,
  withOtherSignature,
} from './damage.ts';

trustTestRoots();

/** A good package, and what its rules say of each damage. */
interface Patient {
  readonly name: string;
  readonly folder: string;
  readonly files: Tree;
  readonly options: ReleaseOptions;
  /** Of another driver and of another architecture. */
  readonly otherCatalog: Uint8Array | string;
  readonly x86Binary: Uint8Array | string;
  /** Rules that a changed .sys breaks besides the catalog's: a boot driver has its own signature. */
  readonly binaryErrors: readonly string[];
  /** A text for people in the INF. */
  readonly title: string;
  readonly warnings: readonly string[];
}

const broken = ['catalog/broken-signature'];
const misread: Diagnosis = { errors: ['inf/encoding'], warnings: [] };
const built = signedFolder('Win11/amd64');
const dated = (from: string, to: string) =>
  makeCertificate({ name: 'dated', validity: [`${from}0101000000Z`, `${to}0101000000Z`] });

const patients: readonly Patient[] = [
  {
    name: 'a built package',
    folder: 'Win11/amd64',
    files: built,
    options: {},
    otherCatalog:
      withCatalog(driverFolder('Win11/amd64', { name: 'netkvm' }))['Win11/amd64/netkvm.cat'] ?? '',
    x86Binary: driverFolder('Win10/x86')['Win10/x86/viostor.sys'] ?? '',
    binaryErrors: [],
    title: 'viostor test driver',
    warnings: [],
  },
  ...(realDrivers === undefined ? [] : [realPatient(realDrivers)]),
];

describe.each(patients)(
  '$name',
  ({ folder, files, options, otherCatalog, x86Binary, binaryErrors, title, warnings }) => {
    const path = (name: string) => `${folder}/viostor.${name}`;
    const [inf, sys, cat] = [bytes(files, path('inf')), bytes(files, path('sys')), bytes(files, path('cat'))];
    const sysErrors = ['catalog/payload-mismatch', ...binaryErrors];

    test('is good as it is', async () => {
      expect(await diagnose({ ...options, files })).toEqual({ errors: [], warnings });
    });

    test.each<[string, Tree, readonly string[]]>([
      ['a flipped byte of the .sys', { [path('sys')]: flipped(sys, sys.length >> 1) }, sysErrors],
      ['a flipped byte of the INF', { [path('inf')]: flippedAt(inf, title) }, ['catalog/inf-mismatch']],
      ['a flipped byte of a name in the catalog', { [path('cat')]: withOtherName(cat) }, broken],
      ["a flipped byte of the catalog's signature", { [path('cat')]: withOtherSignature(cat) }, broken],
      [
        'the catalog of another driver',
        { [path('cat')]: otherCatalog },
        ['catalog/inf-mismatch', 'catalog/payload-mismatch'],
      ],
      ['the .sys for x86', { [path('sys')]: x86Binary }, ['catalog/payload-mismatch', 'pe/wrong-machine']],
      ['an INF in UTF-16 with a mark', { [path('inf')]: saved(inf, 'utf16le') }, ['catalog/inf-mismatch']],
      ['an INF in UTF-16 without a mark', { [path('inf')]: saved(inf, 'utf16le', '') }, ['inf/encoding']],
      ['an INF in UTF-8 with a mark', { [path('inf')]: saved(inf, 'utf8') }, ['inf/encoding']],
    ])('with %s is caught by the right rules alone', async (_, damage, errors) => {
      const diagnosis = await diagnose({ ...options, files: { ...files, ...damage } });
      expect(diagnosis.refusal).toBeUndefined();
      expect(diagnosis.errors).toEqual(errors);
    });

    test.each([
      ['.sys', path('sys'), sys, /^pe\/unreadable$/],
      ['catalog', path('cat'), cat, /^catalog\/unreadable$/],
      [
        'INF',
        path('inf'),
        inf,
        /^(catalog\/(inf-mismatch|not-named)(,inf\/[a-z-]+)*$|drivers: \S+viostor\.inf:(\d+:)? is not a valid INF)/,
      ],
    ])(
      'with a %s cut at every 64th byte is caught by the rule for it, or refused',
      async (_, file, whole, expected) => {
        const diagnoseWith = await repeatedDiagnosis({ ...options, files });
        for (const cut of cuts(whole)) {
          const { errors, refusal } = await diagnoseWith({ [file]: cut });
          expect(refusal ?? errors.join(), `cut at ${cut.length}`).toMatch(expected);
        }
      },
      300_000,
    );
  },
);

describe('a built package', () => {
  test('with the .sys for x86 and a catalog that holds it is caught by its machine alone', async () => {
    const x86 = patients[0]?.x86Binary ?? '';
    const files = withCatalog({ ...driverFolder('Win11/amd64'), 'Win11/amd64/viostor.sys': x86 });
    expect(await diagnose({ files })).toEqual({ errors: ['pe/wrong-machine'], warnings: [] });
  });

  test.each<[string, Tree, Diagnosis]>([
    ['UTF-16 with a mark', encodedFolder('Win11/amd64', 'utf16le', '\ufeff'), { errors: [], warnings: [] }],
    ['UTF-16 without a mark', encodedFolder('Win11/amd64', 'utf16le', ''), misread],
    ['UTF-8 with a mark', encodedFolder('Win11/amd64', 'utf8', '\ufeff'), misread],
    [
      'UTF-8 without a mark',
      encodedFolder('Win11/amd64', 'utf8', '', ['= "pvdisc project', '= "Größe']),
      { errors: [], warnings: ['inf/non-ascii-text'] },
    ],
  ])(
    'with an INF in %s and a catalog that holds it is judged by its encoding alone',
    async (_, files, expected) => {
      expect(await diagnose({ files: withCatalog(files) })).toEqual(expected);
    },
  );

  test('for Windows 7 in the folder of Windows 10 is caught by its catalog', async () => {
    const moved = movedTo('Win10/x86', signedFolder('Win7/x86'));
    expect(await diagnose({ files: moved })).toEqual({
      errors: [],
      warnings: [],
      infos: ['catalog/older-os'],
    });
  });

  test('for Windows 10 in the folder of Windows 7 is caught by its INF', async () => {
    const moved = movedTo('Win7/x86', signedFolder('Win10/x86'));
    expect((await diagnose({ files: moved })).errors).toEqual(['inf/does-not-install']);
  });

  test.each([
    [
      'a timestamp after the end of its certificate',
      { signer: dated('20', '21'), countersigned: '220101000000Z' },
      ['catalog/certificate-dates'],
    ],
    [
      'a timestamp from before the start of its certificate',
      { signer: dated('20', '39'), countersigned: '190101000000Z' },
      ['catalog/certificate-dates'],
    ],
    ['an expired certificate and no timestamp', { signer: dated('20', '21') }, ['catalog/certificate-dates']],
    [
      'a certificate that is not valid yet and no timestamp',
      { signer: dated('30', '39') },
      ['catalog/certificate-dates'],
    ],
    [
      'an expired certificate and a good timestamp',
      { signer: dated('20', '21'), countersigned: '200601000000Z' },
      [],
    ],
  ])('signed with %s', async (_, catalogs, warnings) => {
    const files = withCatalog(driverFolder('Win11/amd64'), catalogs);
    expect(await diagnose({ files })).toEqual({ errors: [], warnings });
  });
});

describe.skipIf(realDrivers === undefined)('a real package', () => {
  test('for Windows 7 in the folder of Windows 8.1 is caught by its catalog and its DriverVer', async () => {
    const { files, warnings, options } = realPatient(realDrivers ?? '');
    const moved = movedTo('Win8.1/amd64', files);
    const diagnosis = await diagnose({ ...options, files: moved });
    expect(diagnosis.errors).toEqual([]);
    expect(diagnosis.warnings).toEqual([...warnings, 'inf/wrong-os'].sort());
    expect(diagnosis.infos).toEqual(['catalog/older-os']);
  });
});

function signedFolder(folder: string): Tree {
  const tree = driverFolder(folder);
  const sys = `${folder}/viostor.sys`;
  return withCatalog({ ...tree, [sys]: signPe(bytes(tree, sys)) });
}

function realPatient(root: string): Patient {
  const folder = 'Win7/amd64';
  const read = (name: string) => readFileSync(join(root, name));
  const names = ['viostor.inf', 'viostor.sys', 'viostor.cat'].map((name) => `${folder}/${name}`);
  const row = (os: string, build: string, version: string, windows: string) => {
    const decoration = `NTamd64.${version.slice(0, 3)}`;
    return { os, arch: 'amd64', folder: build, version, product: 'workstation', decoration, windows };
  };
  return {
    name: 'a real package',
    folder,
    files: Object.fromEntries(names.map((name) => [name, read(name)])),
    options: {
      targets: [
        row('w7', folder, '6.1.7600', 'Windows 7'),
        row('w8.1', 'Win8.1/amd64', '6.3.9600', 'Windows 8.1'),
      ],
    },
    otherCatalog: read(`${folder}/vioscsi.cat`),
    x86Binary: read('Win7/x86/viostor.sys'),
    binaryErrors: ['pe/unsigned-boot-driver'],
    title: 'Red Hat VirtIO SCSI controller',
    warnings: ['inf/no-pnp-lockdown'],
  };
}

function movedTo(folder: string, files: Tree): Tree {
  const entries = Object.entries(files);
  return Object.fromEntries(
    entries.map(([path, content]) => [`${folder}/${path.split('/').at(-1)}`, content]),
  );
}

function bytes(files: Tree, path: string): Buffer {
  return Buffer.from(files[path] ?? '');
}
