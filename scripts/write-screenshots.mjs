// Builds the sample on a terminal and writes docs/images/: the terminal after the build, and the page of the release, light and dark.
// Needs the compiled program, script(1) and Debian's Chromium.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import xterm from '@xterm/headless';
import { chromium } from 'playwright-core';

const [columns, rows] = [100, 36];
const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');

const schemes = {
  light: { back: '#ffffff', text: '#24292f', 1: '#b3261e', 2: '#1a7f37', 3: '#8a5a00', 8: '#57606a' },
  dark: { back: '#14171a', text: '#e4e7ea', 1: '#ff9d94', 2: '#86d99b', 3: '#f0c368', 8: '#a5adb6' },
};

const work = await mkdtemp(join(tmpdir(), 'pvdisc-screenshots-'));
try {
  await mkdir(images, { recursive: true });
  const screen = await buildOnTerminal();
  for (const [scheme, colours] of Object.entries(schemes))
    await writeFile(join(images, `build-${scheme}.svg`), terminalSvg(screen, colours));
  await writePages(join(work, 'dist/pvdisc-sample-0.1.0/report.html'));
} finally {
  await rm(work, { recursive: true });
}

/** Returns the runs of cells of the same look of each row of the final screen. */
async function buildOnTerminal() {
  const build = `node ${join(root, 'build/cli/index.js')} build ${join(root, 'drivers-manifest/releases/sample.yaml')}`;
  const inside = `stty rows ${rows} cols ${columns}; exec ${build}`;
  const { stdout } = await promisify(execFile)(
    'script',
    ['--quiet', '--return', '--command', inside, '/dev/null'],
    {
      cwd: work,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SHELL: '/bin/sh',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
      },
    },
  );
  const terminal = new xterm.Terminal({ cols: columns, rows: 200, allowProposedApi: true });
  await new Promise((resolve) => terminal.write(stdout, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => runsOf(active.getLine(row)));
  const last = lines.findLastIndex((runs) => runs.length > 0);
  const from = lines.findIndex((runs) => /: built\.$/.test(runs.map(({ text }) => text).join('')));
  return lines.slice(Math.max(from, 0), last + 1);
}

function runsOf(line) {
  const runs = [];
  const text = line.translateToString(true);
  for (let at = 0; at < text.length; at++) {
    const cell = line.getCell(at);
    const look = { colour: cell.isFgDefault() ? 'text' : cell.getFgColor(), bold: cell.isBold() !== 0 };
    const run = runs.at(-1);
    if (run?.colour === look.colour && run.bold === look.bold) run.text += cell.getChars() || ' ';
    else runs.push({ at, text: cell.getChars() || ' ', ...look });
  }
  return runs;
}

function terminalSvg(lines, colours) {
  const [cell, row, edge] = [8.43, 20, 20];
  const [width, height] = [Math.ceil(columns * cell + 2 * edge), lines.length * row + 2 * edge];
  const texts = lines.flatMap((runs, index) =>
    runs
      .filter(({ text }) => text.trim() !== '')
      .map(({ at, text, colour, bold }) => {
        const start = text.length - text.trimStart().length;
        const shown = text.trim();
        const place = `x="${(edge + (at + start) * cell).toFixed(1)}" y="${edge + (index + 0.75) * row}"`;
        return `<text ${place} textLength="${(shown.length * cell).toFixed(1)}" fill="${colours[colour] ?? colours.text}"${bold ? ' font-weight="bold"' : ''}>${escaped(shown)}</text>`;
      }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
<title>The terminal after pvdisc build</title>
<rect width="${width}" height="${height}" rx="8" fill="${colours.back}"/>
${texts.join('\n')}
</svg>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0');
}

async function writePages(file) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox'],
  });
  for (const colorScheme of Object.keys(schemes)) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme });
    await page.goto(`file://${file}`);
    const matrix = await page.locator('#matrix').boundingBox();
    const clip = { x: 0, y: 0, width: 1280, height: Math.ceil(matrix.y + matrix.height) + 16 };
    await page.screenshot({ path: join(images, `report-${colorScheme}.png`), fullPage: true, clip });
  }
  await browser.close();
}
