import { expect, test } from 'vitest';
import { type Host, makeHost, shells, writeProgram } from './host.ts';

const disc = (version: string, family = 'virtio') => ({
  ...{ disc: `${family}-win-${version}`, family, chosen: true, sha256: version.padEnd(64, '0') },
});

/** A host of the cluster: its answers to detect, list and leftover, or what ssh says of it. */
type Answer = readonly [hypervisor: string, version: string, guests: readonly string[]] | string;

/** A host whose ssh reaches these; it refuses any other way to call it than with one host and one command. */
async function withCluster(answers: Readonly<Record<string, Answer>>): Promise<Host> {
  const host = await makeHost();
  const cases = Object.entries(answers).map(([name, answer]) => {
    if (typeof answer === 'string') return `${name}) echo '${answer}' >&2; exit 255 ;;`;
    const [hypervisor, version, guests] = answer;
    const family = hypervisor === 'KVM' ? 'virtio' : 'xenpv';
    const documents = [
      { hypervisor, family },
      [disc('1.0'), disc(version, family)],
      guests.map((guest) => ({ guest, family: guest.startsWith('moving') ? 'virtio' : family })),
    ];
    return `${name}) printf '%s\\n' '${documents.map((each) => JSON.stringify(each)).join("' '")}' ;;`;
  });
  const text = `#!/bin/sh
[ "$1 $2 $4" = '-n -o -o' ] && [ $# -eq 7 ] || exit 9
case $7 in *'detect --json && virtio-win list --json && virtio-win leftover --json') ;; *) exit 9 ;; esac
case $6 in
${cases.join('\n')}
esac
`;
  await writeProgram(host, 'ssh', text);
  return host;
}

test.each(shells)('in %s: one hypervisor and one disc are good', async (shell) => {
  const host = await withCluster({ a: ['XEN', '1.0', ['win1', 'win1']], b: ['XENSERVER', '1.0', []] });
  expect(await host.run(shell, 'leftover', '--cluster', 'a,b')).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: [
      'HOST  HYPERVISOR  FAMILY  DISC           GUESTS WITH A DISC  ERROR',
      'a     XEN         xenpv   xenpv-win-1.0  win1                -',
      'b     XENSERVER   xenpv   xenpv-win-1.0  -                   -',
    ].join('\n'),
  });
});

test('mixed hypervisors and discs, and hosts that do not answer, are wrong', async () => {
  const host = await withCluster({
    a: ['KVM', '1.0', []],
    b: ['XEN', '0.9', ['win']],
    c: 'ssh: connect to host c port 22: Connection refused',
  });
  const { exitCode, stderr } = await host.run('dash', 'leftover', '--cluster=a,b,c');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /different hypervisors: .*\nhint: .*\n.*different families .*\nhint: .*\n.*different discs\nhint: install the same/,
  );
  const json = await host.run('dash', 'leftover', '--cluster', 'a,b,c', '--json');
  expect(json).toMatchObject({ exitCode: 1, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({
    mixed_hypervisors: true,
    mixed_discs: true,
    mixed_families: true,
    hosts: [
      { host: 'a', hypervisor: 'KVM', disc: 'virtio-win-1.0', leftovers: [], error: null },
      { host: 'b', hypervisor: 'XEN', family: 'xenpv', disc_family: 'xenpv', leftovers: [{ guest: 'win' }] },
      { host: 'c', hypervisor: null, error: 'ssh: connect to host c port 22: Connection refused' },
    ],
  });
});

test('a guest of Xen that still holds the disc for KVM makes a cluster mixed', async () => {
  const host = await withCluster({ a: ['XEN', '1.0', ['moving']], b: ['XEN', '1.0', []] });
  const { exitCode, stderr } = await host.run('dash', 'leftover', '--cluster', 'a,b');
  expect({ exitCode, facts: stderr.split('\n').filter((line) => !line.startsWith('hint')) }).toEqual({
    exitCode: 1,
    facts: [
      'virtio-win: hosts, discs and guests are of different families of drivers (virtio for KVM, xenpv for Xen)',
    ],
  });
});

test('an option in place of a host, and another libvirt beside a cluster, are wrong usage', async () => {
  const host = await withCluster({});
  for (const hosts of ['a,-oProxyCommand=x', '-a', ',']) {
    expect(await host.run('dash', 'leftover', `--cluster=${hosts}`)).toMatchObject({ exitCode: 2 });
  }
  expect(await host.run('dash', 'leftover', '--cluster', 'a', '--connect', 'qemu:///system')).toMatchObject({
    exitCode: 2,
  });
});
