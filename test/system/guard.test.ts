import { expect, test } from 'vitest';
import { guarded } from '../../pipeline/system/guard.ts';
import { place } from '../builders/source-setting.ts';

const never = new AbortController().signal;

test('an error of the system names its file; a full disk has a way out', async () => {
  const failing = (code: string) =>
    guarded(place, never, async () => {
      throw Object.assign(new Error(`${code}: write '/x'`), { code, syscall: 'write' });
    });
  await expect(failing('EIO')).rejects.toMatchObject({
    kind: 'input',
    problems: [{ place, message: "EIO: write '/x'" }],
  });
  await expect(failing('ENOSPC')).rejects.toMatchObject({
    problems: [{ hint: expect.stringContaining('free some space') }],
  });
  await expect(failing('EACCES')).rejects.toMatchObject({
    problems: [{ hint: 'check the owner and the mode of the path' }],
  });
});

test('a bug stays one', async () => {
  const failing = guarded(place, never, async () => {
    throw new TypeError('x is not a function');
  });
  await expect(failing).rejects.toThrow(TypeError);
});

test('whatever fails after an abort is the abort', async () => {
  const controller = new AbortController();
  const failing = guarded(place, controller.signal, async () => {
    controller.abort();
    throw new TypeError('cut off');
  });
  await expect(failing).rejects.toMatchObject({
    kind: 'interrupted',
    problems: [{ place, message: 'interrupted' }],
  });
});
