// The driver of scripts/fuzz: coverage from V8 (node:inspector), mutations from test/fuzz/recipe.ts. Each format has its
// own process, which is ended when it hangs. Exits with 1 when a reader failed or was slow.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { createServer } from 'vite';

const root = resolve(import.meta.dirname, '..');
const kept = join(root, 'test/.cache/fuzz');
const seconds = Number(process.env.PVDISC_FUZZ_SECONDS ?? 60);
const slowSeconds = 2;
const hungSeconds = 60;
const batchSize = 64;
const maxInputs = 2000;

/** Loads a TypeScript module of this repository. */
async function load(path) {
  const server = await createServer({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  return server.ssrLoadModule(path);
}

const [, , only, ...rest] = process.argv;
if (process.send !== undefined && only === '--format') await fuzz(rest[0]);
else await fuzzAll(process.argv.slice(2));

/** Runs the processes one after another, and ends one that hangs. */
async function fuzzAll(asked) {
  const { fuzzedFormats } = await load('/test/fuzz/formats.ts');
  const known = Object.keys(fuzzedFormats);
  if (asked[0] === '--list' || asked.some((name) => !known.includes(name))) {
    console.log(`formats: ${known.join(' ')}`);
    process.exit(asked[0] === '--list' ? 0 : 2);
  }
  await mkdir(kept, { recursive: true });
  const failures = [];
  for (const format of asked.length === 0 ? known : asked) failures.push(...(await fuzzApart(format)));
  for (const failure of failures) console.log(failure);
  process.exit(failures.length === 0 ? 0 : 1);
}

function fuzzApart(format) {
  return new Promise((done) => {
    const failures = [];
    const child = fork(import.meta.filename, ['--format', format], { cwd: root });
    const hung = async () => {
      child.kill('SIGKILL');
      const file = join(kept, `${format}-hung`);
      await copyFile(runningFile(format), file);
      failures.push(`${format}: no response for ${hungSeconds} s: ${file}`);
    };
    let watchdog; // from the first message on: a busy machine may be slow to start it
    child.on('message', (message) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(hung, hungSeconds * 1000);
      if (message.failure !== undefined) failures.push(`${format}: ${message.failure}`);
      if (message.summary !== undefined) console.log(`${format}: ${message.summary}`);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watchdog);
      if (code !== 0 && failures.length === 0)
        failures.push(`${format}: the process ended with ${signal ?? code}`);
      done(failures);
    });
  });
}

/** The current input, for readers that open a file, and for debugging a hung process. */
function runningFile(format) {
  return join(kept, `${format}-running`);
}

/** Fuzzes one format, and sends its findings to the parent process. */
async function fuzz(format) {
  const { fuzzedFormats, isRefusal } = await load('/test/fuzz/formats.ts');
  const { cook, recipes } = await load('/test/fuzz/recipe.ts');
  const { seeds, words, read } = fuzzedFormats[format];
  const corpus = { ...(await seeds()) };
  const coverage = await startCoverage();
  const file = runningFile(format);
  const counts = { runs: 0, read: 0, slowest: 0 };
  const reported = new Set();

  const run = async (bytes) => {
    await writeFile(file, bytes);
    const before = process.cpuUsage();
    let failure;
    try {
      await read(Buffer.from(bytes), file);
      counts.read += 1;
    } catch (error) {
      if (!isRefusal(error)) failure = String(error?.stack ?? error);
    }
    const { user, system } = process.cpuUsage(before);
    const taken = (user + system) / 1e6;
    counts.runs += 1;
    counts.slowest = Math.max(counts.slowest, taken);
    if (taken > slowSeconds) failure ??= `slow: took ${taken.toFixed(1)} s for ${bytes.length} bytes`;
    if (failure !== undefined) await report(failure, bytes);
  };

  /** One input for each place that fails. */
  const report = async (failure, bytes) => {
    const place = failure.startsWith('slow') ? 'slow' : failure.split('\n').slice(0, 2).join('\n');
    if (reported.has(place)) return;
    reported.add(place);
    const name = join(kept, `${format}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`);
    await writeFile(name, bytes);
    process.send({ failure: `${failure}\n  input: ${name}` });
  };

  /** Runs inputs together, since reading the coverage takes longer than running them; splits them in halves when they reach new code. */
  const explore = async (inputs) => {
    for (const bytes of inputs) await run(bytes);
    process.send({});
    const added = await coverage.takeNew(inputs.length === 1);
    if (added === 0) return;
    if (inputs.length === 1) {
      const names = Object.keys(corpus);
      if (names.length < maxInputs) corpus[`found ${names.length}`] = inputs[0];
      return;
    }
    const middle = inputs.length >> 1;
    await explore(inputs.slice(0, middle));
    await explore(inputs.slice(middle));
  };

  for (const bytes of Object.values(corpus)) {
    await run(bytes);
    process.send({});
  }
  await coverage.takeNew(true);
  const started = coverage.size();
  const begun = Object.keys(corpus).length;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const made = fc.sample(recipes(corpus, words), batchSize);
    await explore(made.map((recipe) => cook(corpus, recipe)));
  }
  const found = Object.keys(corpus).length - begun;
  const reached = `code reached: ${started} pieces by ${begun} seeds, ${coverage.size()} by ${found} more inputs`;
  const summary = `${counts.runs} runs, ${counts.read} read, slowest ${counts.slowest.toFixed(2)} s; ${reached}`;
  process.send({ summary }, () => process.exit(0));
}

/** Counts the executed blocks of pipeline/. */
async function startCoverage() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Set();
  return {
    size: () => seen.size,
    /** Returns the number of blocks first executed since the last call; remembers them on request. */
    takeNew: async (remembers) => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const blocks = result
        .filter(({ url }) => url.startsWith(`${root}/pipeline/`))
        .flatMap(({ scriptId, functions }) =>
          functions.flatMap(({ ranges }) =>
            ranges
              .filter(({ count }) => count > 0)
              .map(({ startOffset, endOffset }) => `${scriptId}:${startOffset}-${endOffset}`),
          ),
        );
      const added = blocks.filter((block) => !seen.has(block));
      if (remembers) for (const block of added) seen.add(block);
      return added.length;
    },
  };
}
