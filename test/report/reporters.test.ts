import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openReporter } from '../../pipeline/cli/reporter.ts';
import { plainReporter } from '../../pipeline/report/plain.ts';
import { progressText } from '../../pipeline/report/progress-text.ts';
import { silentReporter } from '../../pipeline/report/reporter.ts';
import { terminalReporter } from '../../pipeline/report/terminal.ts';

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
  let printed = '';
  beforeEach(() => {
    printed = '';
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        printed += String(text);
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('shows each stage, with the summary of those that ended', async () => {
    const reporter = terminalReporter(['collect', 'validate']);
    expect(
      await reporter.stage(
        'collect',
        async () => 2,
        (count) => `${count} files`,
      ),
    ).toBe(2);
    await reporter.stage(
      'validate',
      async () => 0,
      (count) => `${count} warnings`,
    );
    await reporter.close();
    expect(printed).toContain('collect: 2 files');
    expect(printed).toContain('validate: 0 warnings');
    expect(printed.indexOf('collect: 2 files')).toBeLessThan(printed.indexOf('validate: 0 warnings'));
  });

  test('shows progress and notes below the stage that is at work', async () => {
    const reporter = terminalReporter(['collect']);
    await vi.waitFor(() => expect(printed).toContain('collect'));
    await reporter.stage(
      'collect',
      async () => {
        reporter.progress({ files: 3, totalFiles: 9 });
        reporter.note('waiting for another build');
      },
      () => 'done',
    );
    await reporter.close();
    expect(printed).toContain('3 of 9 files');
    expect(printed).toContain('waiting for another build');
  });

  test('hands an error on, ends the list and says nothing of the error itself', async () => {
    const reporter = terminalReporter(['collect', 'validate']);
    await expect(reporter.stage('collect', failing, () => 'never')).rejects.toThrow('broken');
    await reporter.close();
    expect(printed).not.toContain('broken');
    expect(printed).not.toContain('validate:');
  });

  test('ends when it is closed before any stage, and a second time', async () => {
    const reporter = terminalReporter(['collect', 'validate']);
    reporter.progress({ files: 1 });
    reporter.note('early');
    await reporter.close();
    await reporter.close();
    expect(printed).not.toContain('collect:');
  });
});

describe('which reporter a command gets', () => {
  const io = (isTTY: boolean, env: NodeJS.ProcessEnv = {}) => {
    const lines: string[] = [];
    const stream = { isTTY, write: (text: string) => lines.push(text) };
    return { lines, process: { stdout: stream, stderr: stream, env } };
  };
  const stageOf = async (
    { lines, process }: ReturnType<typeof io>,
    options: { quiet: boolean; json: boolean },
  ) => {
    const reporter = openReporter(['collect'], options, process);
    await reporter.stage(
      'collect',
      async () => 1,
      () => 'done',
    );
    await reporter.close();
    return lines;
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
  ])('plain lines %s', async (_where, given) => {
    expect(await stageOf(given, loud)).toEqual([
      'collect ...\n',
      expect.stringMatching(/^collect: done \(.*\)\n$/),
    ]);
  });

  test('the list on a terminal', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await stageOf(io(true), loud)).toEqual([]);
    const printed = write.mock.calls.map(([text]) => String(text)).join('');
    vi.restoreAllMocks();
    expect(printed).toContain('collect: done');
  });
});
