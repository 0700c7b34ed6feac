// Writes the JSON Schemas that editors and readers of what pvdisc prints use, from the compiled program (npm run compile).
import { writeFile } from 'node:fs/promises';
import { jsonSchemas } from '../build/manifest/json-schema.js';

const folders = {
  record: '../pipeline/attest',
  inspection: '../pipeline/inspect',
  findings: '../pipeline/report/findings',
  verification: '../pipeline/verify',
  verifications: '../pipeline/verify',
  watch: '../pipeline/ledger',
  'ledger-check': '../pipeline/ledger',
  'ledger-add': '../pipeline/ledger',
  cache: '../pipeline/report',
};

for (const [name, text] of Object.entries(jsonSchemas)) {
  const folder = folders[name] ?? '../drivers-manifest/schema';
  await writeFile(new URL(`${folder}/${name}.schema.json`, import.meta.url), text());
}
