import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';

test('the strict type check finds nothing', async () => {
  const { exitCode, stdout } = await execa('node_modules/.bin/tsc', ['--singleThreaded'], { reject: false });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
});

test('Biome finds nothing to lint or format', async () => {
  const { exitCode, stderr } = await execa('node_modules/.bin/biome', ['check', '--error-on-warnings'], {
    reject: false,
  });
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('.editorconfig and biome.json agree', async () => {
  const { formatter } = JSON.parse(await readFile('biome.json', 'utf8'));
  const [, everyFile = '', code = ''] = (await readFile('.editorconfig', 'utf8')).split(/^\[.*\]\n/m);
  expect(everyFile).toContain(
    `indent_style = ${formatter.indentStyle}\nindent_size = ${formatter.indentWidth}\n`,
  );
  expect(code).toContain(`max_line_length = ${formatter.lineWidth}\n`);
});
