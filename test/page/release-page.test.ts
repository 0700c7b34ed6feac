import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownDevice } from '../../pipeline/formats/windows/device-query.ts';
import { parseHardwareId } from '../../pipeline/formats/windows/hardware-id.ts';
import { answerFor } from '../../pipeline/inspect/which.ts';
import { maxFolderNameLength } from '../../pipeline/model/disc-layout.ts';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { releasePage } from '../../pipeline/page/release-page.ts';
import { builtLegacy, builtSample } from '../builders/built-release.ts';
import { axeViolations, type Chromium, chromiumTool, startChromium } from '../builders/chromium.ts';
import { largeRecord } from '../builders/large-record.ts';
import { lacksTool } from '../builders/needs.ts';

const real = process.env.PVDISC_REAL_DRIVERS ?? '';

describe.skipIf(lacksTool(chromiumTool, 'pdftotext', 'xorriso', 'zstd'))('the page of a release', () => {
  let chromium: Chromium;
  let sample: ReleaseRecord;
  let html: string;

  beforeAll(async () => {
    const { record, folder } = await builtSample();
    sample = record;
    html = await readFile(join(folder, 'report.html'), 'utf8');
    chromium = await startChromium();
  });

  afterAll(() => chromium?.close());

  test('depends on the record only, and is what a build writes', () => {
    expect(releasePage(sample, { targets: [] })).toBe(html);
    expect(html).not.toContain(process.cwd());
  });

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1920, 'light'],
    [1920, 'dark'],
  ] as const)('fits %i px, is accessible in %s, and asks for nothing', async (width, colorScheme) => {
    const opened = await chromium.open(html, { viewport: { width, height: 900 }, colorScheme });
    expect(await widthOf(opened.page)).toBe(width);
    const page = await opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(page).toBe(colorScheme === 'dark' ? 'rgb(20, 23, 26)' : 'rgb(247, 247, 245)');
    await opened.page.evaluate(() => {
      for (const part of document.querySelectorAll('details')) part.open = true;
    });
    expect(await widthOf(opened.page)).toBe(width);
    expect(await axeViolations(opened.page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.page.context().close();
  });

  test('finds the driver of each hardware ID, as pvdisc which does', async () => {
    const { page, complaints } = await chromium.open(html);
    const ids = new Set(sample.drivers.flatMap(({ hardwareIds = [] }) => hardwareIds));
    expect(ids.size).toBeGreaterThan(2);
    for (const id of [...ids, 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01']) {
      const answer = answerFor(parseHardwareId(id), [{ input: 'sample', drivers: sample.drivers }]);
      const expected = new Set(answer.inputs[0]?.drivers.map(({ driver }) => driver));
      await page.fill('#device', `  "${id.toLowerCase()}"\n`);
      expect([id, await shownDrivers(page)]).toEqual([id, [...expected].sort()]);
      expect(await page.textContent('#answer')).toContain(
        expected.size > 0 ? `driver ${[...expected].sort().join(', ')}.` : 'no driver in this release',
      );
      expect(await page.textContent('#answer')).toContain(
        knownDevice(parseHardwareId(id))?.name ?? id.toUpperCase(),
      );
    }
    for (const text of ['the network card', 'viostor', 'hello']) {
      await page.fill('#device', text);
      expect(await page.textContent('#answer')).toContain('No hardware ID in this text');
    }
    await page.fill('#device', 'PCI/VEN_1AF4 &amp; DEV_1041\u200b');
    expect(await page.textContent('#answer')).toContain('PCI\\VEN_1AF4&DEV_1041 (virtio network device): ');
    await page.click('button[type=reset]');
    await page.waitForFunction(() => document.querySelector('#answer')?.textContent === '');
    expect(await shownDrivers(page)).toEqual(['sampleblk', 'samplenet', 'samplenull']);
    expect(complaints).toEqual([]);
  });

  test('shows only what the filters leave, and opens the folders of the chosen Windows', async () => {
    const { page } = await chromium.open(html);
    await page.selectOption('#windows', 'w7');
    expect(await shownDrivers(page)).toEqual(['sampleblk', 'samplenet', 'samplenull']); // samplenull is missing there
    expect(await page.locator('.matrix thead th:visible').count()).toBe(2);
    expect(await page.locator('details.target[open] summary').allTextContents()).toHaveLength(2);
    await page.selectOption('#arch', 'amd64');
    const [folders] = await page.locator('details.target[open]').allInnerTexts();
    expect(folders).toContain('sampleblk\\w7\\amd64');
    expect(folders).not.toContain('x86');
    await page.selectOption('#state', 'missing');
    expect(await shownDrivers(page)).toEqual(['samplenull']);
    await page.selectOption('#driver', 'samplenet');
    expect(await shownDrivers(page)).toEqual([]);
    const packages = sample.drivers.length;
    expect(await page.textContent('#shown')).toBe(`0 of ${packages} driver packages`);
  });

  test('names in each row the newest version of the cells that the filters leave', async () => {
    const { page } = await chromium.open(html);
    const versions = () => page.locator('.matrix tbody tr:visible .versions-of').allTextContents();
    const all = ['0.1.0.110 and 3 others', '0.1.0.110 and 3 others', '0.1.0.1'];
    expect(await versions()).toEqual(all);
    await page.selectOption('#windows', 'w8.1');
    expect(await versions()).toEqual(['0.1.0.63', '0.1.0.63', '']); // samplenull is missing there
    expect(await page.locator('.matrix tbody .date-of').allTextContents()).toEqual([
      '2006-06-21',
      '2006-06-21',
      '',
    ]);
    await page.click('button[type=reset]');
    await page.waitForFunction(() => document.querySelector('.versions-of')?.textContent?.includes('others'));
    expect(await versions()).toEqual(all);
  });

  test('has all its content without a script, and no filters that do nothing', async () => {
    const { page, complaints } = await chromium.open(html, { javaScriptEnabled: false });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('.matrix tbody tr:visible').count()).toBe(3);
    const { os, arch } = { os: 'w11', arch: 'amd64' };
    await page.click(`#folder-${os}-${arch} summary`);
    expect(await page.locator(`#folder-${os}-${arch} code:visible`).allTextContents()).toEqual([
      'sampleblk\\w11\\amd64',
      'samplenet\\w11\\amd64',
      'samplenull\\w11\\amd64',
    ]);
    const visible = () => page.locator('figure.picture:visible').count();
    expect(await visible()).toBe(1);
    await page.check('#with-symbols');
    await page.check('#by-windows');
    expect(await visible()).toBe(1);
    expect(await page.locator('figure.picture:visible figcaption').textContent()).toMatch(
      /^By Windows, with debug symbols, each content once: [\d.]+ [kM]?B$/,
    );
    expect(complaints).toEqual([]);
  });

  test('prints in full', async () => {
    const { page } = await chromium.open(html);
    const { stdout: text } = await execa('pdftotext', ['-', '-'], {
      input: await page.pdf({ format: 'A4', landscape: true }),
    });
    const plain = text.replace(/\s+/g, '');
    const folders = sample.drivers.map(({ inf }) => inf.slice(0, inf.lastIndexOf('/')).replaceAll('/', '\\'));
    expect(folders.filter((folder) => !plain.includes(folder))).toEqual([]);
    const rules = new Set(sample.findings.map(({ rule }) => rule));
    expect([...rules].filter((rule) => !plain.includes(rule))).toEqual([]);
    expect(plain).toContain(sample.iso.sha256);
  });

  test('prints chips within their columns, and versions smaller than names', async () => {
    const { page } = await chromium.open(html, { viewport: { width: 800, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    const { outside, sizes } = await page.evaluate(() => {
      const size = (selector: string) =>
        Number.parseFloat(getComputedStyle(document.querySelector(selector) as Element).fontSize);
      return {
        outside: [...document.querySelectorAll('.chip')].filter(
          (chip) =>
            chip.getBoundingClientRect().right >= (chip.closest('td')?.getBoundingClientRect().right ?? 0),
        ).length,
        sizes: [size('.matrix tbody th small'), size('.matrix tbody th a')],
      };
    });
    expect(outside).toBe(0);
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
  });

  test('names the INF where a cell has several packages for one architecture, and what Setup loads', () => {
    const [first] = sample.drivers.filter(({ driver }) => driver === 'sampleblk');
    if (first === undefined) throw new Error('the sample has no sampleblk');
    const second = { ...first, inf: first.inf.replace(/[^/]+$/, 'other.inf') };
    const setup = [{ path: '$WinPEDriver$/amd64/sampleblk/a.inf', size: 1, sha256: 'ab'.repeat(32) }];
    const page = releasePage(
      {
        ...sample,
        drivers: [...sample.drivers, second],
        iso: { ...sample.iso, files: [...sample.iso.files, ...setup] },
      },
      { targets: [] },
    );
    expect(
      [...page.matchAll(/<small>(\w+\.inf)<\/small><\/span><span class="hidden">/g)].map(([, name]) => name),
    ).toEqual(['sampleblk.inf', 'other.inf']);
    expect(page).toContain('from <code>$WinPEDriver$</code>: amd64: sampleblk.');
    expect(html).not.toContain('$WinPEDriver$');
    expect(html).not.toContain('(F6)');
  });

  test('is the same page whatever the strings of an INF hold', async () => {
    const calm = await chromium.open(releasePage(renamed(sample, 'a driver'), { targets: [] }));
    const outline = await outlineOf(calm.page);
    for (const hostile of hostileStrings) {
      const { page, complaints } = await chromium.open(
        releasePage(renamed(sample, hostile), { targets: [] }),
        {
          viewport: { width: 360, height: 900 },
        },
      );
      expect(await outlineOf(page)).toEqual(outline);
      await page.evaluate(() => {
        for (const part of document.querySelectorAll('details')) part.open = true;
      });
      expect([hostile.slice(0, 40), await widthOf(page)]).toEqual([hostile.slice(0, 40), 360]);
      expect(await page.content()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test('of a release as large as upstream has less than 2 MB and needs less than a second', async () => {
    const large = releasePage(largeRecord(sample, 14, 877_000_000), { targets: [] });
    expect(large).toContain('877 MB on the disc');
    expect(Buffer.byteLength(large)).toBeLessThan(2_000_000);
    const { page } = await chromium.open(large);
    expect(await page.locator('.matrix tbody tr').count()).toBe(42);
    expect(await busySeconds(page)).toBeLessThan(1);
  });

  test.skipIf(!existsSync(real))('of the real legacy release passes the same checks', async () => {
    const { folder } = await builtLegacy(real);
    const legacy = await readFile(join(folder, 'report.html'), 'utf8');
    expect(Buffer.byteLength(legacy)).toBeLessThan(2_000_000);
    const { page, complaints } = await chromium.open(legacy, { viewport: { width: 360, height: 900 } });
    expect(await widthOf(page)).toBe(360);
    expect(await busySeconds(page)).toBeLessThan(1);
    expect(await axeViolations(page)).toEqual([]);
    await page.fill('#device', 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01');
    expect(await shownDrivers(page)).toEqual(['NetKVM']);
    expect(complaints).toEqual([]);
  });
});

/** Strings that an INF can hold, which end elements and attributes, load things, turn texts around, or are long. */
const hostileStrings = [
  `</script><script>alert(1)</script><img src=http://192.0.2.1/x onerror=alert(2)>`,
  `" onmouseover="alert(3)" x='`,
  `--><!-- ]]> &lt;b&gt; {{7*7}} \${alert(4)} <svg/onload=alert(5)>`,
  `\u202Egnp.exe\u2066 \u200B\u200F\u0000\u001B[31m`,
  `x${'\u0301'.repeat(400)}`,
  'W'.repeat(100_000),
];

/** Returns a record in which a text stands wherever an INF, a catalog, a finding or the name of a folder can bring one. */
function renamed(record: ReleaseRecord, text: string): ReleaseRecord {
  const folder = text.replaceAll('/', '').slice(0, maxFolderNameLength);
  const placed = (path: string) => path.replace(/(?=\/)/g, () => folder);
  const driverOf = (path: string) => (path.includes('/') ? placed(path) : `${path}${folder}`);
  return {
    ...record,
    title: text,
    drivers: record.drivers.map((facts) => ({
      ...facts,
      driver: `${facts.driver}${folder}`,
      target: { ...facts.target, os: `${facts.target.os}${folder}` },
      inf: placed(facts.inf),
      name: text,
      provider: text,
      driverVer: `01/02/2026,${text}`,
      hardwareIds: [text],
      compatibleIds: [],
      verdict: { ...facts.verdict, signer: text, uncovered: [text] },
    })),
    findings: record.findings.map((finding) => ({
      ...finding,
      path: driverOf(finding.path),
      message: text,
      hint: text,
      accepted: text,
    })),
  };
}

/** Returns the elements of a page with their classes, without the pictures, whose sizes do not depend on strings. */
function outlineOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('*')].map(
      (element) =>
        `${element.tagName}.${element.getAttribute('class') ?? ''}#${element.id.replace(/^folder-[\w.-]+$/, 'folder')} ${element.attributes.length}`,
    ),
  );
}

function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

async function shownDrivers(page: Page): Promise<string[]> {
  return page.locator('.matrix tbody tr:visible th a').allTextContents();
}

/** Returns how long the renderer has worked; a busy machine makes the page wait, not work. */
async function busySeconds(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.reload();
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}
