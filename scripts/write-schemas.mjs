// Writes the JSON Schemas that editors and readers of release.json use, from the compiled program (npm run compile).
import { writeFile } from 'node:fs/promises';
import { jsonSchemas } from '../build/manifest/json-schema.js';

for (const [name, text] of Object.entries(jsonSchemas)) {
  const folder = name === 'record' ? '../pipeline/attest' : '../drivers-manifest/schema';
  await writeFile(new URL(`${folder}/${name}.schema.json`, import.meta.url), text());
}
