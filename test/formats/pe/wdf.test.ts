import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPeImports } from '../../../pipeline/formats/pe/imports.ts';
import { readWdfBinding } from '../../../pipeline/formats/pe/wdf.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import { buildPe } from '../../../pipeline/sources/sample/pe.ts';
import { changedPe, type PeChanges } from '../../builders/changed-pe.ts';
import { makePe } from '../pe-file.ts';
import { realDrivers } from '../reference.ts';

function driver(arch: Arch): Uint8Array {
  const texts = {
    version: '1.2.3.4',
    description: 'Driver',
    company: 'Tests',
    fileName: 'driver.sys',
  } as const;
  const payload = { payloadSize: 2048, payloadSeed: arch };
  return buildPe({ arch, kind: 'sys', ...texts, ...payload, subsystemVersion: '10.0' });
}

const bindingOf = (arch: Arch, wdf: PeChanges['wdf']) =>
  readWdfBinding(changedPe(driver(arch), { ...(wdf && { wdf }) }));

test.each(['x86', 'amd64', 'ARM64'] as const)('the framework of a driver for %s', (arch) => {
  expect(bindingOf(arch, { minor: 9 })).toEqual({
    version: '1.9',
    minimum: '1.9',
  });
  expect(bindingOf(arch, { minor: 33, minimum: 15 })).toEqual({
    version: '1.33',
    minimum: '1.15',
  });
});

test('a minimum above the version of the driver does not count', () => {
  expect(bindingOf('amd64', { minor: 33, minimum: 70_000 })?.minimum).toBe('1.33');
});

test('a driver without a binding, and one that only names the library', () => {
  expect(bindingOf('amd64', undefined)).toBeUndefined();
  const name = Buffer.from('KmdfLibrary\0', 'utf16le');
  expect(readWdfBinding(makePe({ section: Buffer.concat([name, name, Buffer.alloc(64)]) }))).toBeUndefined();
});

test('a name in each of 64 MiB takes no longer than reading it', () => {
  const name = Buffer.from('KmdfLibrary\0', 'utf16le');
  const section = Buffer.alloc(2 ** 24, name);
  const start = process.cpuUsage().user;
  expect(readWdfBinding(makePe({ section }))).toBeUndefined();
  expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
});

test.skipIf(realDrivers === undefined)(
  'exactly the real drivers that import wdfldr.sys have a binding',
  () => {
    const root = realDrivers ?? '.';
    const drivers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.sys$/i.test(name),
    );
    const found = drivers.map((name) => {
      const bytes = readFileSync(join(root, name));
      const isClient = readPeImports(bytes).some(({ library }) => /^wdfldr\.sys$/i.test(library));
      return [isClient, readWdfBinding(bytes)?.version];
    });
    const count = (version: string | undefined) => found.filter(([, one]) => one === version).length;
    expect(found.filter(([isClient, version]) => isClient !== (version !== undefined))).toEqual([]);
    expect([count(undefined), count('1.9'), count('1.11'), count('1.13')]).toEqual([42, 24, 14, 14]);
  },
);
