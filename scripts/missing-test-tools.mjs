// Prints the Debian packages of programs that only tests use and that are missing on the PATH, one line for each program, as apt-get takes
// them: a regular expression names packages that only some suites have.
import { readFile } from 'node:fs/promises';
import { missingTools } from '../build/system/tools.js';

const packages = JSON.parse(await readFile(new URL('../test/tools.json', import.meta.url), 'utf8'));
const tools = Object.entries(packages).map(([name, debianPackage]) => ({ name, debianPackage }));
process.env.PATH += ':/usr/sbin:/sbin';
const missing = await missingTools(tools);
for (const debianPackage of new Set(missing.map((tool) => tool.debianPackage))) console.log(debianPackage);
