// Compares the time of `pvdisc sign` for all drivers in FOLDER, with catalogs made anew, and of openssl for the same signatures alone, one
// run for each digest. Fails if pvdisc takes more than three times as long. Run `npm run compile` first.
// Usage: node scripts/benchmark-sign.mjs FOLDER
import { generateKeyPairSync, sign } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const rounds = 3;
const source = process.argv[2];
if (source === undefined) {
  console.error('usage: node scripts/benchmark-sign.mjs FOLDER');
  process.exit(2);
}
const program = join(resolve(import.meta.dirname, '..'), 'build/cli/index.js');
const work = await mkdtemp(join(tmpdir(), 'pvdisc-benchmark-'));
try {
  const keys = await makeKeys();
  const prepared = join(work, 'prepared');
  await cp(resolve(source), prepared, { recursive: true });
  await execa(process.execPath, [program, 'catalog', prepared, '--replace']);
  const digests = await digestsOf(prepared, keys);
  const times = { openssl: [], sign: [] };
  for (let round = 0; round < rounds; round++) {
    const folder = join(work, `round-${round}`);
    await cp(prepared, folder, { recursive: true });
    times.openssl.push(await seconds(() => signAlone(digests, keys)));
    times.sign.push(await seconds(() => execa(process.execPath, [program, 'sign', folder, ...keys.options])));
    await rm(folder, { recursive: true });
  }
  const [alone, all] = [Math.min(...times.openssl), Math.min(...times.sign)];
  console.log(`${digests.length} signatures (RSA-3072), ${rounds} rounds, the fastest counts`);
  const key = keyTime(digests, keys);
  console.log(`key alone     ${shown(key)}, in this process`);
  console.log(`openssl       ${shown(alone)} (${times.openssl.map(shown).join(', ')})`);
  console.log(`pvdisc sign   ${shown(all)} (${times.sign.map(shown).join(', ')})`);
  console.log(
    `ratio ${(all / alone).toFixed(2)}; the limit is 3 (${(all / key).toFixed(2)} of the key alone)`,
  );
  if (all > 3 * alone) {
    console.error('pvdisc sign is too slow');
    process.exitCode = 1;
  }
} finally {
  await rm(work, { recursive: true });
}

/** Makes a key, its certificate, and the options that name them. */
async function makeKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const [key, certificate] = [join(work, 'key.pem'), join(work, 'certificate.pem')];
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const uses = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=codeSigning'];
  await execa('openssl', [
    ...['req', '-x509', '-new', '-key', key, '-out', certificate, '-days', '3650', '-subj', '/CN=Benchmark'],
    ...uses.flatMap((use) => ['-addext', use]),
  ]);
  const options = ['--certificates', certificate, '--signer-key', key, '--replace'];
  return { key, privateKey, certificate, options };
}

async function digestsOf(folder, { certificate }) {
  const asked = ['sign-requests', folder, '--certificates', certificate, '--replace'];
  const { stdout } = await execa(process.execPath, [program, ...asked]);
  return JSON.parse(stdout).requests.map(({ digest }) => Buffer.from(digest, 'hex'));
}

async function signAlone(digests, { key }) {
  for (const input of digests)
    await execa('openssl', ['pkeyutl', '-sign', '-inkey', key, '-pkeyopt', 'digest:sha256'], {
      input,
      encoding: 'buffer',
    });
}

function keyTime(digests, { privateKey }) {
  const start = performance.now();
  for (const digest of digests) sign('sha256', digest, privateKey);
  return (performance.now() - start) / 1000;
}

async function seconds(run) {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

function shown(value) {
  return `${value.toFixed(2)} s`;
}
