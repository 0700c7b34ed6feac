import { expect, test } from 'vitest';
import { misspelledLoadOrderGroup } from '../../../pipeline/formats/windows/load-order-groups.ts';

test.each([
  ['SCSI minport', 'SCSI miniport'],
  ['Extened Base', 'Extended Base'],
  ['FSFilter Infrastucture', 'FSFilter Infrastructure'],
  ['Vido', 'Video'],
])('%s is not %s', (name, group) => expect(misspelledLoadOrderGroup(name)).toBe(group));

test.each([
  'Core',
  'PnP Filter',
  'NETWORK',
  'scsi MINIPORT',
  'Port2',
  'Filter10',
  'MyBase',
  'Acme',
  'EMC',
  'x',
  '',
])('%j is a group of Windows, or of a vendor', (name) =>
  expect(misspelledLoadOrderGroup(name)).toBeUndefined(),
);
