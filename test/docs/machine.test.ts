import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacksMachine, type Machine, repository, startMachine } from './machine.ts';

describe.skipIf(await lacksMachine())('a copy of this machine', () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await startMachine();
  });

  afterAll(async () => {
    await machine?.stop();
  });

  test('runs commands up to the first that fails, which is an error with all that was printed', async () => {
    expect(await machine.run('echo one; echo two >&2')).toBe('one\ntwo');
    await expect(machine.run('echo before; false; echo after')).rejects.toThrow(/^before$/m);
    await expect(machine.run('echo before; false; echo after')).rejects.not.toThrow(/^after$/m);
  });

  test('keeps what it writes to itself, in the system and in the repository', async () => {
    const files = ['/etc/pvdisc-test', '/usr/pvdisc-test', join(repository, 'pvdisc-test')];
    for (const file of files) {
      expect(await machine.run(`touch ${file} && ls ${file}`)).toBe(file);
      expect(existsSync(file)).toBe(false);
    }
  });

  test('has no network but its own', async () => {
    expect(await machine.run('ip -oneline link | cut -d : -f 2')).toBe(' lo');
  });

  test('remembers what ran before, and ends all of it', async () => {
    await machine.run('sleep 1000 >/dev/null 2>&1 & echo $! > /tmp/pid');
    expect(await machine.run('ps -o comm= -p $(cat /tmp/pid)')).toBe('sleep');
    const other = await startMachine();
    const { root } = other;
    expect(existsSync(join(root, 'tmp'))).toBe(true);
    await other.stop();
    expect(existsSync(join(root, 'tmp'))).toBe(false);
  });
});
