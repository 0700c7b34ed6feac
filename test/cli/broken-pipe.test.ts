import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';

test.skipIf(lacksTool('bash', 'head'))(
  'a reader that has seen enough, such as head, is no error, and the exit code is that of the work',
  async () => {
    const release = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
    const script = 'set -o pipefail; node "$0" check "$1" --format sarif | head -c 1';
    const { stdout, stderr, exitCode } = await execa('bash', ['-c', script, program, release], {
      reject: false,
    });
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: '{', stderr: '', exitCode: 0 });
  },
);
