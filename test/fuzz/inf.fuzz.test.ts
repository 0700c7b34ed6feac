import { expect, test } from 'vitest';
import { fileDigests } from '../../pipeline/formats/catalog/file-digests.ts';
import { namedFiles } from '../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../pipeline/formats/inf/inf.ts';
import { archNames } from '../../pipeline/formats/windows/targets.ts';
import { driverFacts } from '../../pipeline/validate/driver-facts.ts';
import { packageFacts, usedModels } from '../../pipeline/validate/package-facts.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { seedsOf } from './seeds.ts';

const inf = 'viostor/w10/viostor.inf';

/** Reads an INF and runs every rule for packages over it. */
function readPackage(bytes: Uint8Array): void {
  const parsed = parseInf(bytes);
  const facts = new Map([[inf, { kind: 'inf' as const, inf: parsed, digests: fileDigests(bytes) }]]);
  for (const arch of archNames) {
    const driverPackage = {
      driver: 'viostor',
      target: { os: 'w10', arch },
      inf,
      files: [inf],
      missing: namedFiles(parsed, arch),
    };
    const rows = [{ ...driverPackage.target, ...row, decoration: `NT${arch}.10.0`, folder: `Win10/${arch}` }];
    for (const known of packageFacts({ packages: [driverPackage] }, facts, rows)) {
      expect(driverFacts(known)).toMatchObject({ driver: 'viostor', signature: 'unsigned' });
      expect(usedModels(known)).toBeInstanceOf(Array);
      for (const rule of rules) if (rule.scope === 'package') expect(rule.check(known)).toBeInstanceOf(Array);
    }
  }
}

const row = { version: '10.0.10240', product: 'workstation', windows: 'Windows 10' } as const;
const words = [
  '[',
  ']',
  '"',
  '%',
  ',',
  '=',
  '\\',
  ';',
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '%V%',
  '[S]\r\n',
  'a,',
  '@',
  '.nt',
  '\xff\xfe',
  '\xfe\xff',
  '\xef\xbb\xbf',
  '\x1a',
  'NTamd64.10.0...16299',
  'CopyFiles = @a\r\n',
  '0x4002',
  'Needs = a\r\n',
  '[Strings]\r\na = "b"\r\n',
  'AddService = a,2,b\r\n',
  '%%',
  '""',
  '\\\r\n',
  '99999999999999999999',
];

test(
  'any INF is read or refused, and judged',
  () => {
    fuzz({ read: readPackage, seeds: seedsOf(/\.inf$/i), words });
  },
  fuzzTimeout,
);
