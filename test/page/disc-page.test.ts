import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installScript } from '../../pipeline/assemble/install-script.ts';
import { unattendFiles } from '../../pipeline/assemble/unattend.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import type { DriverTree } from '../../pipeline/model/driver-tree.ts';
import { discPage } from '../../pipeline/page/disc-page.ts';
import { type RepositoryView, repositoryPage } from '../../pipeline/page/repository-page.ts';
import { builtSample } from '../builders/built-release.ts';
import { axeViolations, type Chromium, chromiumTool, startChromium } from '../builders/chromium.ts';
import { extractDisc } from '../builders/disc-contents.ts';
import { packagesOf, targets } from '../builders/disc-for-windows.ts';
import { lacksTool } from '../builders/needs.ts';

const repository: RepositoryView = {
  kind: 'apt repository',
  title: 'pvdisc stable',
  facts: ['1 package', `signed by ${'AB'.repeat(20)}`],
  steps: [
    { text: 'The repository:', command: `tee x <<'END'\nTypes: deb\nSigned-By: ${'a/'.repeat(60)}\nEND` },
  ],
  items: [
    {
      name: 'vw',
      version: '1.0-1',
      about: '<b>\u202Edrivers',
      path: 'pool/vw 1.deb',
      size: 2000,
      sha256: 'ab'.repeat(32),
    },
  ],
  others: [{ name: 'testing', href: 'suite-testing.html' }],
};

const manifest = {
  release: { name: 'virtio-win', version: '0.1.285', title: 'Drivers' },
  label: 'virtio-win-0.1.285',
  targets,
} as unknown as Manifest;

describe.skipIf(lacksTool(chromiumTool, 'bsdtar', 'xorriso', 'zstd'))(
  'pages beside the one of a release',
  () => {
    let chromium: Chromium;
    let disc: string;

    beforeAll(async () => {
      disc = await extractDisc('bsdtar', (await builtSample()).iso);
      chromium = await startChromium();
    });

    afterAll(() => chromium?.close());

    test.each([
      ['of a disc', 'light'],
      ['of a disc', 'dark'],
      ['of a repository', 'light'],
      ['of a repository', 'dark'],
    ] as const)('the page %s fits, is accessible in %s, and asks for nothing', async (which, colorScheme) => {
      const html =
        which === 'of a disc' ? await readFile(join(disc, 'index.html'), 'utf8') : repositoryPage(repository);
      for (const width of [360, 1920]) {
        const opened = await chromium.open(html, { viewport: { width, height: 900 }, colorScheme });
        expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await axeViolations(opened.page)).toEqual([]);
        expect(opened.complaints).toEqual([]);
        await opened.page.context().close();
      }
    });

    test('a folder with two INFs has a link for each, which says what it shows', async () => {
      const packages = packagesOf('pvpanic', targets.slice(0, 1));
      const twins = packages.map((one) => ({ ...one, inf: one.inf.replace('.inf', '-pci.inf') }));
      const { page } = await chromium.open(discPage(manifest, [...packages, ...twins]));
      const labels = await page
        .locator('a.chip')
        .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')));
      expect(labels).toEqual(['x86 pvpanic.inf: loads', 'x86 pvpanic-pci.inf: loads']);
      expect(await axeViolations(page)).toEqual([]);
      await page.context().close();
    });

    test('the page of a disc leads to folders and files of the disc, and has no script', async () => {
      const html = await readFile(join(disc, 'index.html'), 'utf8');
      const links = [...html.matchAll(/ href="(?!data:)([^"]+)"/g)].map(([, link = '']) =>
        decodeURIComponent(link),
      );
      expect(links.length).toBeGreaterThan(40);
      expect(links.filter((link) => !existsSync(join(disc, link)))).toEqual([]);
      expect((await stat(join(disc, 'sampleblk/w11/amd64/'))).isDirectory()).toBe(true);
      expect(html).not.toContain('<script');
      expect(html).toContain('<small class="versions-of">0.1.0.110 and 3 others</small>');
    });
  },
);

test('a repository page shows texts of packages as text, and commands as they are', () => {
  const html = repositoryPage(repository);
  expect(html).toContain('&lt;b>?drivers');
  expect(html).toContain('Types: deb\nSigned-By:');
  expect(html).toContain('href="pool/vw%201.deb"');
});

test('a disc of the size of upstream grows by less than 200 kB', () => {
  const names = Array.from({ length: 20 }, (_, at) => `driver${String(at).padStart(2, '0')}`);
  const drivers = names.flatMap((name) => packagesOf(name, targets));
  const boot = names.slice(0, 2).map((name) => ({ name, boot: true }));
  const withBoot = { ...manifest, drivers: boot } as unknown as Manifest;
  const texts = [
    discPage(manifest, drivers),
    installScript(manifest, drivers),
    ...unattendFiles(withBoot, { packages: drivers } as unknown as DriverTree).values(),
  ];
  const sector = 2048;
  const sizes = texts.map((text) => Math.ceil(Buffer.byteLength(text) / sector) * sector);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
});
