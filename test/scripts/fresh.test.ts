import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

test('scripts/fresh --help explains its arguments and PVDISC_MIRROR, from any folder', async () => {
  const { stdout } = await execa(join(import.meta.dirname, '../../scripts/fresh'), ['--help'], { cwd: '/' });
  expect(stdout).toMatch(/^Runs README's commands on fresh machines/);
  expect(stdout).toMatch(/^usage: scripts\/fresh \[--long\|--own\] \[SUITE\]/m);
  expect(stdout).toMatch(/^ {2}PVDISC_MIRROR=/m);
  expect(stdout).not.toContain('set -eu');
});
