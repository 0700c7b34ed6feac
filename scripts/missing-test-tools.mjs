// Prints the Debian packages of the programs that only the tests use and that are not on the PATH, one per line.
import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const tools = JSON.parse(await readFile(new URL('../test/tools.json', import.meta.url), 'utf8'));
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const missing = new Set();
for (const [program, debianPackage] of Object.entries(tools)) {
  const found = await Promise.any(
    folders.map((folder) => access(join(folder, program), constants.X_OK)),
  ).then(
    () => true,
    () => false,
  );
  if (!found) missing.add(debianPackage);
}
for (const debianPackage of missing) console.log(debianPackage);
