import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SignatureState } from '../../../pipeline/formats/signature/signature.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import { commandPriority, discPriority } from '../../../pipeline/package/host/priorities.ts';
import { unsignedDriver } from '../../builders/deb.ts';

const releases = join(import.meta.dirname, '../../../drivers-manifest/releases');
const manifest = await readManifest(join(releases, 'virtio-win-legacy.yaml'));
const sample = await readManifest(join(releases, 'sample.yaml'));

function priority(os: string, ...states: SignatureState[]): number {
  return discPriority(
    states.map((signature) => ({ ...unsignedDriver(os), signature })),
    manifest,
  );
}

test('signatures decide first, then the newest Windows', () => {
  const rising = [
    discPriority([], manifest),
    priority('w7', 'unsigned'),
    priority('w11', 'unsigned'),
    priority('2k25', 'unsigned'),
    priority('xp', 'self-signed'),
    priority('2k25', 'self-signed'),
    priority('xp', 'vendor-signed'),
    priority('2k25', 'vendor-signed'),
    priority('w7', 'whql', 'attested'),
    priority('w11', 'attested'),
  ];
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  expect(new Set(rising).size).toBe(rising.length);
});

test('Microsoft must have signed all drivers, else half of them decide', () => {
  const vendor = priority('w11', 'vendor-signed');
  const self = priority('w11', 'self-signed');
  const none = priority('w11', 'unsigned');
  expect(priority('w11', 'whql', 'whql', 'unsigned')).toBe(vendor);
  expect(priority('w11', 'vendor-signed', 'unsigned')).toBe(vendor);
  expect(priority('w11', 'vendor-signed', 'self-signed', 'unsigned')).toBe(self);
  expect(priority('w11', 'vendor-signed', 'unsigned', 'unsigned')).toBe(none);
});

test('the sample, which does nothing, is behind every other disc, whatever its Windows', () => {
  const ofSample = (os: string) => discPriority([unsignedDriver(os)], sample);
  expect(ofSample('2k25')).toBeLessThan(priority('xp', 'unsigned'));
  expect(ofSample('2k25')).toBeLessThan(discPriority([], manifest));
  expect(ofSample('w10')).toBeLessThan(ofSample('2k25'));
  const mixed = {
    ...sample,
    release: {
      ...sample.release,
      sources: { sample: { type: 'sample' as const }, ...manifest.release.sources },
    },
  };
  expect(discPriority([unsignedDriver('2k25')], mixed)).toBe(priority('2k25', 'unsigned'));
});

test('the host command of a newer pvdisc wins', () => {
  const versions = ['0.1.0', '0.1.9', '0.1.10', '0.2.0', '1.0.0', '1.10.0', '2.0.0'];
  const priorities = versions.map(commandPriority);
  expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
  expect(new Set(priorities).size).toBe(versions.length);
  expect(priorities[0]).toBe(1000);
});
