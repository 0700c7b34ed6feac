import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { makeHost, script, shells } from './host.ts';

const manual = join(script, '../virtio-win.1');

describe.skipIf(lacksTool('dash', 'busybox'))('the command line', () => {
  describe.each(shells)('in %s', (shell) => {
    test('--version is the version of pvdisc', async () => {
      const host = await makeHost();
      const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
      expect((await host.run(shell, '--version')).stdout).toBe(`virtio-win ${version}`);
      expect(await readFile(manual, 'utf8')).toContain(`"virtio-win ${version}"`);
    });

    test.each([
      { args: [], words: 'a command is missing' },
      { args: ['frobnicate'], words: 'frobnicate: there is no such command' },
      { args: ['list', '--frobnicate'], words: '--frobnicate: there is no such option' },
      { args: ['list', '--live'], words: 'list takes no --live' },
      { args: ['eject', 'a', '--for', 'virt-v2v'], words: 'eject takes no --for' },
      { args: ['path', '--disc'], words: '--disc: its value is missing' },
      { args: ['path', '--disc='], words: '--disc: its value is empty' },
      { args: ['attach'], words: 'attach: an operand is missing' },
      { args: ['attach', 'a', 'b'], words: 'attach: too many operands' },
      { args: ['attach', 'a', '--qmp', 's'], words: 'attach: --qmp PATH is the guest, so it takes no GUEST' },
      {
        args: ['attach', '--qmp', 's', '--live'],
        words: 'attach: --connect, --live, --config and --bus are for libvirt, not for --qmp',
      },
      { args: ['attach', 'a', '--bus', 'floppy'], words: 'floppy is not a bus' },
      {
        args: ['path', '--for', 'virt-p2v'],
        words: '--for: virt-p2v needs no special path, or is unknown',
      },
      { args: ['verify', '--for=virt-v2v'], words: 'verify takes no --for' },
      { args: ['snippet', 'hyperv'], words: 'snippet: hyperv is not a kind' },
      { args: ['snippet', 'nbd', 'w11', 'amd64'], words: 'snippet: too many operands' },
      { args: ['serve'], words: 'serve: give either --iscsi ADDRESS or --nbd ADDRESS' },
      { args: ['serve', '--nbd', '::1', '--iscsi', '::1'], words: 'serve: give either' },
      { args: ['serve', '--nbd='], words: '--nbd: its value is empty' },
      { args: ['serve', '--nbd', '::1', '--with', 'tgt'], words: 'serve: tgt does not serve NBD' },
      { args: ['attach', 'a', '--all', 'b'], words: 'attach: --all PATTERN names the guests' },
      { args: ['swap', '--all', 'b', '--qmp', 's'], words: 'swap: --all is for guests that have names' },
      { args: ['status', '--all', 'b'], words: 'status takes no --all' },
      { args: ['which'], words: 'which: an operand is missing' },
      { args: ['show', 'a', 'b', 'c'], words: 'show: too many operands' },
    ])('wrong usage ends with 2: $args', async ({ args, words }) => {
      const host = await makeHost();
      const { exitCode, stdout, stderr } = await host.run(shell, ...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^virtio-win: .*\nhint: ./);
      expect(stderr).toContain(words);
    });

    test('each command explains itself, and the manual page knows the same commands and options', async () => {
      const host = await makeHost();
      const { exitCode, stdout } = await host.run(shell, '--help');
      expect(exitCode).toBe(0);
      const commands = [...stdout.matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, word = '']) => word);
      expect(commands).toHaveLength(18);
      const page = (await readFile(manual, 'utf8')).replaceAll('\\-', '-');
      expect([...page.matchAll(/^\.BR ([a-z]+) "/gm)].map(([, word]) => word)).toEqual(
        expect.arrayContaining(commands),
      );
      for (const command of commands.filter((word) => word !== 'help')) {
        const help = (await host.run(shell, 'help', command)).stdout;
        expect(help).toBe((await host.run(shell, command, '--help')).stdout);
        expect(help).toMatch(new RegExp(`^usage: virtio-win ${command}`));
        const options = new Set(help.split('\n')[0]?.match(/--[a-z]+/g));
        const written = page
          .split('\n')
          .filter((line) => new RegExp(`^\\.BR ${command} "`).test(line))
          .join(' ');
        expect(new Set(written.match(/--[a-z]+/g)), command).toEqual(options);
        for (const option of options) expect(help.split('options:')[1]).toContain(option);
      }
    });
  });
});
