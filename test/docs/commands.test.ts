import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guestKernel } from '../builders/guest/kernel.ts';
import { lacksTool } from '../builders/needs.ts';
import { documents, treatmentOf } from './documents.ts';
import { lacksMachine, type Machine } from './machine.ts';
import { manualPage, readManualPage } from './manual-page.ts';
import { readDocument } from './markdown.ts';
import { showsOutput } from './output.ts';
import { startStory, stories } from './stories.ts';

const tools = ['apt-get', 'bsdtar', 'busybox', 'cpio', 'curl', 'gpg', 'libvirtd', 'modprobe', 'qemu-img'];
const more = [
  'gcab',
  'qemu-nbd',
  'qemu-system-x86_64',
  'tgtd',
  'virsh',
  'virt-xml',
  'virt-xml-validate',
  'xorriso',
];
const isSkipped = lacksTool(...tools, ...more) || (await lacksMachine());
const lacksKernel = !isSkipped && (await guestKernel()) === undefined;

const texts = [...documents.map(readDocument), readManualPage()]
  .map(({ path, blocks }) => ({
    path,
    blocks: blocks.map((block) => ({ ...block, treatment: treatmentOf(path, block) })),
  }))
  .filter(({ blocks }) => blocks.some(({ treatment }) => treatment === 'run'));

describe.skipIf(isSkipped).each(texts)('$path', { timeout: 200_000 }, ({ path, blocks }) => {
  if (lacksKernel && stories[path]?.needsKernel) return test.skip('needs a kernel for the guest');
  let machine: Machine;
  let folder: string;
  let printed = '';
  let hasFailed = false;

  beforeAll(async () => {
    ({ machine, folder } = await startStory(path));
  }, 200_000);

  afterAll(async () => {
    await machine?.stop();
  });

  for (const { line, text, treatment } of blocks) {
    if (treatment === 'run') {
      test(`line ${line}: its commands succeed`, async ({ skip }) => {
        if (hasFailed) skip('a block before it failed');
        hasFailed = true;
        printed = await machine.run(text, folder);
        hasFailed = false;
      });
    } else if (treatment === 'output') {
      test(`line ${line}: the commands before it print that`, ({ skip }) => {
        if (hasFailed) skip('a block before it failed');
        expect(showsOutput(printed, text), `printed was:\n${printed}`).toBe(true);
      });
    }
  }
});

test('the documents and the manual page have commands to run', () => {
  expect(texts.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'docs/deploy.md', manualPage]),
  );
});
