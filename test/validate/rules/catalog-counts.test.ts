import { describe, expect, test } from 'vitest';
import { inspectFolder } from '../../builders/inspected.ts';
import { realDrivers } from '../../formats/reference.ts';

/** How often each rule about catalogs, binaries and targets hits; counted by another program (reference, A.5). */
const counts = {
  'catalog/inf-mismatch': 52,
  'catalog/odd-name': 6,
  'driver/device-half-served': 4,
  'driver/device-not-served': 8,
  'inf/name-case': 14,
  'inf/wrong-os': 2,
  'pe/version-mismatch': 4,
};

const none = [
  'catalog/broken-signature',
  'catalog/missing-hardware-id',
  'catalog/not-named',
  'catalog/older-os',
  'catalog/os-not-covered',
  'catalog/payload-mismatch',
  'catalog/unreadable',
  'catalog/unsigned',
  'catalog/weak-signature',
  'disc/hardware-id-clash',
  'driver/older-than-on-older-windows',
  'inf/device-of-other-kind',
  'inf/malformed-hardware-id',
  'inf/stale-co-installer',
  'inf/unknown-virtio-device',
  'inf/wrong-subsystem',
  'pe/build-path',
  'pe/certificate-dates',
  'pe/debug-build',
  'pe/memory-integrity',
  'pe/needs-newer-windows',
  'pe/needs-update',
  'pe/not-loadable',
  'pe/unknown-import',
  'pe/unreadable',
  'pe/unreadable-version',
  'pe/unsigned-boot-driver',
  'pe/weak-signature',
  'pe/wrong-checksum',
  'pe/wrong-machine',
];

describe.runIf(realDrivers !== undefined)('the 96 real packages', async () => {
  const { packages, problems, findings } =
    realDrivers === undefined
      ? { packages: [], problems: [], findings: [] }
      : await inspectFolder(realDrivers);
  const of = (rule: string) => findings.filter((finding) => finding.rule === rule);
  /** The messages of a rule, with one of each place of a finding that has several. */
  const messagesOf = (rule: string) =>
    of(rule).flatMap(({ message, places }) => places?.map((place) => place.message) ?? [message]);

  test('are all read', () => {
    expect(problems).toEqual([]);
    expect(new Set(packages.map(({ inf }) => inf)).size).toBe(96);
  });

  test.each(Object.entries(counts))('%s hits %i times', (rule, count) => {
    expect(messagesOf(rule)).toHaveLength(count);
  });

  test.each(none)('%s hits nothing', (rule) => {
    expect(of(rule)).toEqual([]);
  });

  test('the drivers for XP and Server 2003 know transitional devices only', () => {
    const older = ' on xp/amd64, 2k3/amd64, 2k3/x86';
    const messages = of('driver/device-half-served').map(({ message }) => message);
    expect(messages.filter((message) => message.includes(older))).toHaveLength(4);
    expect(messages.map((message) => /DEV_(\w+)/.exec(message)?.[1]).sort()).toEqual([
      '1041',
      '1042',
      '1043',
      '1045',
    ]);
  });

  test('the INFs with another digest are all those of Windows 8 and 8.1', () => {
    const folders = of('catalog/inf-mismatch').map(({ path }) => path.split('/').at(-3));
    expect(new Set(folders)).toEqual(new Set(['Win8', 'Win8.1']));
  });

  test('the drivers in the folder of another Windows are the copies of those for XP', () => {
    expect(of('inf/wrong-os').map(({ path }) => path.split('/').slice(-3).join('/'))).toEqual([
      'Wnet/x86/netkvm.inf',
      'Wnet/x86/vioser.inf',
    ]);
  });

  test('the catalogs with an odd name are those of netkvm', () => {
    const messages = of('catalog/odd-name').map(
      ({ path, message }) => `${path.split('/').at(-3)}: ${message}`,
    );
    expect([...new Set(messages)].sort()).toEqual([
      'Win7: lists netkvm.inf as "netkvm_no_rsc.inf"',
      'Win8.1: lists netkvm.inf as "netkvm_no_uso.inf"',
      'Win8: lists netkvm.inf as "netkvm_no_uso.inf"',
    ]);
  });

  test('the names in other case are Balloon.cat and BALLOON.sys', () => {
    const messages = messagesOf('inf/name-case');
    expect(
      messages.filter((message) => message === 'names "Balloon.cat", but the file is balloon.cat'),
    ).toHaveLength(11);
    expect(
      messages.filter((message) => message === 'names "BALLOON.sys", but the file is balloon.sys'),
    ).toHaveLength(3);
  });

  test('the binaries of another version are netkvmp.exe', () => {
    expect(of('pe/version-mismatch').map(({ path }) => path.split('/').at(-1))).toEqual(
      Array(4).fill('netkvmp.exe'),
    );
  });
});
