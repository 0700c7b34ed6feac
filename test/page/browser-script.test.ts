import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pageScriptModule } from '../../scripts/write-page-script.mjs';

test('browser-script.ts is what scripts/write-page-script.mjs writes', async () => {
  expect(await readFile('pipeline/page/browser-script.ts', 'utf8')).toBe(await pageScriptModule());
});
