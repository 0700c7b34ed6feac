// Writes the JSON Schemas of input files and JSON output, from the compiled program (npm run compile).
import { writeFile } from 'node:fs/promises';
import { jsonSchemas, schemaFile } from '../build/cli/schemas.js';

for (const [name, text] of Object.entries(jsonSchemas))
  await writeFile(new URL(`../${schemaFile(name)}`, import.meta.url), text());
