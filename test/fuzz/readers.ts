import assert from 'node:assert/strict';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { fileDigests } from '../../pipeline/formats/catalog/file-digests.ts';
import { FormatError } from '../../pipeline/formats/format-error.ts';
import { namedFiles } from '../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../pipeline/formats/inf/inf.ts';
import { readDriverImage } from '../../pipeline/formats/pe/driver-image.ts';
import { readPeImports } from '../../pipeline/formats/pe/imports.ts';
import { parsePe } from '../../pipeline/formats/pe/pe.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { readPeVersion } from '../../pipeline/formats/pe/version.ts';
import { readWdfBinding } from '../../pipeline/formats/pe/wdf.ts';
import { signatureState } from '../../pipeline/formats/signature/signature.ts';
import { archNames } from '../../pipeline/formats/windows/targets.ts';
import { driverFacts } from '../../pipeline/validate/driver-facts.ts';
import { packageFacts, signatureVerdict, usedModels } from '../../pipeline/validate/package-facts.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';

/** Reads a catalog and judges its signature. */
export function readCatalog(bytes: Uint8Array): void {
  const { integrity } = signatureVerdict(parseCatalog(bytes), []);
  assert.match(integrity, /^(good|broken|none)$/);
}

const binaryReaders = [
  parsePe,
  readPeVersion,
  fileDigests,
  readPeSignatures,
  readPeImports,
  readDriverImage,
  readWdfBinding,
];

/** Asks everything that can be asked of a binary, each apart; throws the first FormatError at the end. */
export function readBinary(bytes: Uint8Array): void {
  const errors = binaryReaders.flatMap((read) => refusal(() => read(bytes)));
  if (errors[0] !== undefined) throw errors[0];
  const signers = readPeSignatures(bytes).flatMap((signature) => signature.signers);
  assert.match(signatureState(signers), /^(un|self-|vendor-)signed$/);
}

function refusal(read: () => unknown): FormatError[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof FormatError) return [error];
    throw error;
  }
}

const inf = 'viostor/w10/viostor.inf';

/** Reads an INF and runs every rule for packages over it. */
export function readPackage(bytes: Uint8Array): void {
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
      const { driver, signature } = driverFacts(known);
      assert.deepEqual({ driver, signature }, { driver: 'viostor', signature: 'unsigned' });
      assert(Array.isArray(usedModels(known)));
      for (const rule of rules) if (rule.scope === 'package') assert(Array.isArray(rule.check(known)));
    }
  }
}

const row = { version: '10.0.10240', product: 'workstation', windows: 'Windows 10' } as const;
