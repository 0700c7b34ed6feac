import { expect, test } from 'vitest';
import { signatureStates } from '../../../pipeline/formats/signature/signature.ts';
import {
  isLoadedAsInstalled,
  type LoadCondition,
  loadCondition,
  loadConditionText,
  signingPolicy,
} from '../../../pipeline/formats/windows/signing-policy.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';

const good = 'secure-boot';
const off = 'without-secure-boot';
const policy = 'no-driver-policy';
const testing = 'test-signing';

/** By the table of Microsoft's "Driver Signing Policy": unsigned, self-signed, vendor-signed, attested, whql. */
const table: readonly [windows: string, version: string, arch: Arch, ...conditions: LoadCondition[]][] = [
  ['Windows XP', '5.1.2600', 'x86', 'always', 'always', 'always', 'always', 'always'],
  ['Windows Server 2003', '5.2.3790', 'amd64', 'always', 'always', 'always', 'always', 'always'],
  ['Windows Vista', '6.0.6000', 'x86', 'always', 'always', 'always', 'always', 'always'],
  ['Windows Server 2008', '6.0.6000', 'amd64', 'never', 'test-signing', 'always', 'never', 'always'],
  ['Windows 7', '6.1.7600', 'x86', 'always', 'always', 'always', 'always', 'always'],
  ['Windows 7', '6.1.7600', 'amd64', 'never', 'test-signing', 'always', 'never', 'always'],
  ['Windows 8', '6.2.9200', 'x86', off, off, good, off, good],
  ['Windows 8', '6.2.9200', 'amd64', 'never', 'test-signing', good, 'never', good],
  ['Windows Server 2012 R2', '6.3.9600', 'amd64', 'never', 'test-signing', good, 'never', good],
  ['Windows 10', '10.0.10240', 'x86', off, off, off, good, good],
  ['Windows 10', '10.0.10240', 'amd64', 'never', 'test-signing', off, good, good],
  ['Windows 10', '10.0.10240', 'ARM64', 'never', testing, testing, good, good],
  ['Windows Server 2022', '10.0.20348', 'amd64', 'never', testing, off, good, good],
  ['Windows 11', '10.0.22000', 'amd64', 'never', testing, policy, good, good],
  ['Windows 11', '10.0.22000', 'ARM64', 'never', testing, testing, good, good],
  ['Windows Server 2025', '10.0.26100', 'amd64', 'never', testing, policy, good, good],
];

test.each(table)('%s (%s, %s)', (_windows, version, arch, ...conditions) => {
  expect(signatureStates.map((state) => loadCondition(state, { version, arch }))).toEqual(conditions);
});

test('on no target does a higher state load under fewer conditions, but for what is attested before Windows 10', async () => {
  const order: readonly LoadCondition[] = [
    'never',
    'test-signing',
    'no-driver-policy',
    'without-secure-boot',
    'secure-boot',
    'always',
  ];
  const { targets } = await readManifest('drivers-manifest/releases/sample.yaml');
  for (const row of targets) {
    const isBefore10 = !row.version.startsWith('10.');
    const states = signatureStates.filter((state) => !(state === 'attested' && isBefore10));
    const ranks = states.map((state) => order.indexOf(loadCondition(state, row)));
    expect(ranks, `${row.os}/${row.arch}`).toEqual([...ranks].sort((a, b) => a - b));
    expect(ranks).not.toContain(-1);
  }
});

test('every condition has its words', () => {
  for (const text of Object.values(loadConditionText)) expect(text).toMatch(/^is (not )?loaded/);
});

test('every row of the policy names the page that it is from', () => {
  expect(signingPolicy).toHaveLength(9);
  for (const { source } of signingPolicy) {
    expect(source.page).toMatch(/^[A-Z]/);
    expect(source.says).toMatch(/Windows|certificate|driver/);
    expect(source.url).toMatch(/^https:\/\/(learn|support)\.microsoft\.com\/[^ ]+$/);
  }
});

test('a driver that the Windows Driver Policy refuses is not loaded as installed', () => {
  expect(isLoadedAsInstalled('no-driver-policy')).toBe(false);
  expect(isLoadedAsInstalled('without-secure-boot')).toBe(true);
});
