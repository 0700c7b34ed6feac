import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's Chromium without what shows windows, which takes half the time. */
export const chromiumTool = 'chromium-headless-shell';

/** A page of a file, and what it asked for or complained about since it was opened. */
export interface OpenedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export interface Chromium {
  readonly browser: Browser;
  /** Opens HTML as a file of a folder of its own. */
  readonly open: (html: string, options?: BrowserContextOptions) => Promise<OpenedPage>;
  readonly close: () => Promise<void>;
}

/** Starts Chromium; it has no sandbox as root. */
export async function startChromium(): Promise<Chromium> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-page-'));
  const browser = await chromium.launch({
    executablePath: `/usr/bin/${chromiumTool}`,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  let count = 0;
  return {
    browser,
    open: async (html, options = {}) => {
      const file = join(folder, `${count++}.html`);
      await writeFile(file, html);
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => {
        if (request.url() !== `file://${file}`) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      return { page, complaints };
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Returns what axe finds wrong with a page, as text. */
export async function axeViolations(page: Page): Promise<string[]> {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  const session = await page.context().newCDPSession(page);
  const run = 'axe.run(document).then(({ violations }) => JSON.stringify(violations))';
  const { result } = await session.send('Runtime.evaluate', {
    expression: `${axe};${run}`,
    awaitPromise: true,
  });
  const violations = JSON.parse(result.value as string) as { id: string; nodes: { html: string }[] }[];
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
