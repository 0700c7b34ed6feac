import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plainReporter } from '../../../pipeline/cli/report/plain.ts';
import { progressText } from '../../../pipeline/cli/report/progress-text.ts';
import {
  closeAllReporters,
  type TerminalOptions,
  terminalReporter,
} from '../../../pipeline/cli/report/terminal.ts';
import { openReporter, openScratchReporter } from '../../../pipeline/cli/reporter.ts';
import { silentReporter } from '../../../pipeline/core/reporter.ts';
import { openScreen } from '../../builders/screen.ts';

const failing = async () => {
  throw new Error('broken');
};

describe('the plain reporter', () => {
  test('says when a stage starts and ends, with its summary and time, and every note', async () => {
    const lines: string[] = [];
    const reporter = plainReporter((line) => lines.push(line));
    expect(
      await reporter.stage(
        'collect',
        async () => 3,
        (count) => `${count} files`,
      ),
    ).toBe(3);
    reporter.progress({ files: 1 });
    reporter.note('waiting');
    await expect(reporter.stage('validate', failing, () => 'never')).rejects.toThrow('broken');
    expect(lines).toEqual([
      'collect ...',
      expect.stringMatching(/^collect: 3 files \(\d+\.\d s\)$/),
      'waiting',
      'validate ...',
    ]);
  });
});

test('the plain reporter tells of a long download every 15 seconds', () => {
  let clock = 0;
  const lines: string[] = [];
  const reporter = plainReporter(
    (line) => lines.push(line),
    () => clock,
  );
  for (const seconds of [1, 14, 15, 16, 29, 31]) {
    clock = seconds * 1000;
    reporter.progress({ item: 'disc', bytes: seconds, bytesPerSecond: 1 });
  }
  clock = 99_000;
  reporter.progress({ item: 'a file', files: 1 });
  expect(lines).toEqual(['disc, 15 B, 1 B/s', 'disc, 31 B, 1 B/s']);
});

test('the silent reporter runs the work and says nothing', async () => {
  expect(
    await silentReporter.stage(
      'collect',
      async () => 3,
      () => 'never',
    ),
  ).toBe(3);
  await expect(silentReporter.stage('collect', failing, () => 'never')).rejects.toThrow('broken');
  expect([silentReporter.progress({}), silentReporter.note('x')]).toEqual([undefined, undefined]);
});

test.each([
  [{}, ''],
  [{ item: 'viostor.sys' }, 'viostor.sys'],
  [{ files: 12 }, '12 files'],
  [{ files: 12, totalFiles: 40 }, '12 of 40 files'],
  [{ bytes: 3_200_000 }, '3.2 MB'],
  [{ bytes: 0, totalBytes: 41_000_000 }, '0 B of 41 MB'],
  [
    { item: 'viostor.sys', files: 12, totalFiles: 40, bytes: 3_200_000, totalBytes: 41_000_000 },
    'viostor.sys, 12 of 40 files, 3.2 MB of 41 MB',
  ],
  [{ totalFiles: 40, totalBytes: 3 }, ''],
  [
    { item: 'disc', bytes: 1_000_000, totalBytes: 9_000_000, bytesPerSecond: 99_600.4, secondsLeft: 80.3 },
    'disc, 1 MB of 9 MB, 99.6 kB/s, 80 s left',
  ],
  [{ bytes: 1, bytesPerSecond: 1, secondsLeft: 720 }, '1 B, 1 B/s, 12 min left'],
  [{ bytes: 1, bytesPerSecond: 1, secondsLeft: 3 * 3600 + 300 }, '1 B, 1 B/s, 3 h 5 min left'],
])('progress %j is shown as %j', (progress, text) => {
  expect(progressText(progress)).toBe(text);
});

describe('the terminal reporter', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const ended = (stage: string, summary: string | undefined) => `${stage}: ${summary ?? 'failed'}`;

  /** A reporter and its screen. */
  const onScreen = (columns: number, options: TerminalOptions = { ended }, screen = openScreen(columns)) => {
    const terminal = { columns, write: screen.write };
    return { terminal, screen, reporter: terminalReporter(terminal, options) };
  };

  test('shows a live line for the stage at work, which gives way to a line that stays', async () => {
    const { screen, reporter } = onScreen(80);
    const collect = async () => {
      expect(await screen.rows()).toEqual(['collect ...']);
      reporter.progress({ files: 3, totalFiles: 9 });
      vi.advanceTimersByTime(200);
      expect(await screen.rows()).toEqual(['collect: 3 of 9 files']);
      vi.advanceTimersByTime(2000);
      expect(await screen.rows()).toEqual(['collect (2 s): 3 of 9 files']);
      return 2;
    };
    expect(await reporter.stage('collect', collect, (count) => `${count} files`)).toBe(2);
    expect(await screen.rows()).toEqual(['collect: 2 files']);
    await reporter.stage(
      'validate',
      async () => {
        reporter.progress({ item: 'viostor.sys' });
        vi.advanceTimersByTime(200);
        expect(await screen.rows()).toEqual(['collect: 2 files', 'validate: viostor.sys']);
      },
      () => 'no findings',
    );
    reporter.close();
    expect(await screen.rows()).toEqual(['collect: 2 files', 'validate: no findings']);
    expect(await screen.isReset()).toBe(true);
  });

  test('takes progress and keeps notes before, between and after stages', async () => {
    const { screen, reporter } = onScreen(80);
    reporter.progress({ files: 1 });
    reporter.note('before');
    const noting = async () => {
      reporter.note('during\nthe stage');
      expect(await screen.rows()).toEqual(['before', 'during', 'the stage', 'collect ...']);
    };
    await reporter.stage('collect', noting, () => 'done');
    reporter.progress({ files: 2 });
    vi.advanceTimersByTime(200);
    reporter.note('between');
    await expect(reporter.stage('validate', failing, () => 'never')).rejects.toThrow('broken');
    reporter.progress({ files: 3 });
    reporter.note('after');
    reporter.close();
    reporter.close();
    expect(await screen.rows()).toEqual([
      'before',
      'during',
      'the stage',
      'collect: done',
      'between',
      'validate: failed',
      'after',
    ]);
  });

  test('breaks a line that stays, and cuts the live line so that nothing of it can stay', async () => {
    const { screen, reporter } = onScreen(10);
    const long = async () => {
      reporter.progress({ item: '漢字漢字漢字/viostor.sys' });
      vi.advanceTimersByTime(200);
      const [row, ...more] = await screen.rows();
      expect([row?.startsWith('stage: '), more]).toEqual([true, []]);
    };
    await reporter.stage('stage', long, () => 'a summary');
    expect(await screen.rows()).toEqual(['stage: a s', 'ummary']);
    expect(await screen.lines()).toEqual(['stage: a summary']);
    reporter.close();
  });

  test.each([true, false])('leaves nothing behind when it is resized (reflow: %s)', async (reflows) => {
    const { screen, terminal, reporter } = onScreen(60, { ended }, openScreen(60, { reflows }));
    reporter.note('kept');
    const resized = async () => {
      for (const columns of reflows ? [60, 20, 7, 90, 30] : [60, 40, 20]) {
        screen.resize(columns);
        terminal.columns = columns;
        reporter.progress({ item: `${'x'.repeat(100)} ${columns}` });
        vi.advanceTimersByTime(200);
        await screen.rows();
      }
    };
    await reporter.stage('collect', resized, () => 'done');
    reporter.close();
    expect(await screen.rows()).toEqual(['kept', 'collect: done']);
  });

  test('erases its line before what is below, so that tmux keeps nothing of it in its history', async () => {
    const { terminal, reporter } = onScreen(80);
    const write = vi.spyOn(terminal, 'write');
    await reporter.stage(
      'collect',
      async () => vi.advanceTimersByTime(3000),
      () => 'done',
    );
    reporter.close();
    const written = write.mock.calls.join('');
    const pieces = written.split('\x1b[J').slice(0, -1);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.filter((piece) => !piece.endsWith('\r\x1b[K'))).toEqual([]);
  });

  test('shows nothing that moves the cursor', async () => {
    const { screen, reporter } = onScreen(80);
    const hostile = async () => {
      reporter.progress({ item: 'a\x1b[2Jb\nc' });
      reporter.note('d\x1b[2Je');
      vi.advanceTimersByTime(200);
      expect(await screen.rows()).toEqual(['d?[2Je', 'collect: a?[2Jb?c']);
    };
    await reporter.stage('collect', hostile, () => 'done');
    reporter.close();
  });

  test('with a title and a delay, flashes nothing of short work and leaves nothing of long work', async () => {
    const { screen, reporter } = onScreen(80, { title: 'inspect', delay: 1000 });
    reporter.progress({ item: 'viostor.sys' });
    vi.advanceTimersByTime(900);
    expect(await screen.rows()).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(await screen.rows()).toEqual(['inspect (1 s): viostor.sys']);
    reporter.note('a note');
    expect(await screen.rows()).toEqual(['a note', 'inspect (1 s): viostor.sys']);
    reporter.close();
    vi.advanceTimersByTime(5000);
    expect(await screen.rows()).toEqual(['a note']);
  });

  test('is closed with all others by a process that must end', async () => {
    const { screen, reporter } = onScreen(80, { title: 'inspect' });
    vi.advanceTimersByTime(300);
    expect(await screen.rows()).toEqual(['inspect ...']);
    closeAllReporters();
    reporter.progress({ item: 'late' });
    vi.advanceTimersByTime(300);
    expect(await screen.rows()).toEqual([]);
  });
});

describe('which reporter a command gets', () => {
  const io = (isTTY: boolean, env: NodeJS.ProcessEnv = {}) => {
    const written: string[] = [];
    const stderr = { isTTY, write: (text: string) => written.push(text) };
    const stdout = { write: () => expect.fail('progress is not for standard output') };
    return { written, process: { stdout, stderr, env: { TERM: 'xterm', ...env } } };
  };
  const stageOf = async (
    { written, process }: ReturnType<typeof io>,
    options: { quiet: boolean; json: boolean },
  ) => {
    const reporter = openReporter(options, process);
    await reporter.stage(
      'collect',
      async () => 1,
      () => 'done',
    );
    reporter.close();
    return written;
  };
  const loud = { quiet: false, json: false };

  test('none for --quiet and --json', async () => {
    expect(await stageOf(io(true), { quiet: true, json: false })).toEqual([]);
    expect(await stageOf(io(false), { quiet: false, json: true })).toEqual([]);
  });

  test.each([
    ['without a terminal', io(false)],
    ['in CI', io(true, { CI: 'true' })],
    ['on a dumb terminal', io(true, { TERM: 'dumb' })],
    ['on a terminal that does not say what it is', io(true, { TERM: '' })],
  ])('plain lines %s', async (_where, given) => {
    expect(await stageOf(given, loud)).toEqual([
      'collect ...\n',
      expect.stringMatching(/^collect: done \(.*\)\n$/),
    ]);
  });

  test.each([
    ['UTF-8', { LANG: 'de_DE.UTF-8' }, '\x1b[32m✔\x1b[39m collect: done\n'],
    ['UTF-8, as macOS and musl write it', { LC_CTYPE: 'utf8' }, '\x1b[32m✔\x1b[39m collect: done\n'],
    ['no locale', {}, '\x1b[32m+\x1b[39m collect: done\n'],
    ['C over all', { LC_ALL: 'C', LANG: 'C.UTF-8' }, '\x1b[32m+\x1b[39m collect: done\n'],
    ['an empty LC_ALL', { LC_ALL: '', LANG: 'C.UTF-8' }, '\x1b[32m✔\x1b[39m collect: done\n'],
    ['NO_COLOR', { NO_COLOR: '1', LANG: 'C.UTF-8' }, '✔ collect: done\n'],
  ])('a live line and marks on a terminal, with %s', async (_what, env, last) => {
    expect((await stageOf(io(true, env), loud)).at(-1)).toBe(last);
  });

  test.each([
    ['on a terminal', io(true), true, /inspect \(1 s\)/],
    ['without a terminal', io(false), true, /^$/],
    ['with a format for programs', io(true), false, /^$/],
  ])('a command that prints only a result, %s', (_what, { written, process }, showsProgress, shown) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const reporter = openScratchReporter('inspect', showsProgress, process);
    vi.advanceTimersByTime(1500);
    expect(written.join('')).toMatch(shown);
    reporter.close();
    reporter.note('seen\x1b[2J');
    expect(written.at(-1)).toBe('pvdisc: seen?[2J\n');
    vi.useRealTimers();
  });
});
