import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { commandSigner } from '../../pipeline/sign/command-signer.ts';
import { checkedSignatures, signatureRequest } from '../../pipeline/sign/signer.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { driverSigner, signingFiles } from '../builders/signing-keys.ts';

const requests = ['a.cat', 'b.cat'].map((path) => signatureRequest(path, Buffer.from(path)));
const { signal } = new AbortController();

async function program(lines: string) {
  const files = await signingFiles();
  const file = await files.file('sign.sh', `#!/bin/sh\ncd ${files.folder}\n${lines}\n`);
  await chmod(file, 0o755);
  return { file, folder: files.folder };
}

const openssl = `while read -r digest; do
  printf '%s' "$digest" | tr a-f A-F | basenc --base16 -d | openssl pkeyutl -sign -inkey drivers.key -pkeyopt digest:sha256 | base64 -w 0
  echo
done`;

test.skipIf(lacksTool('openssl'))('a program is started once, and signs all digests', async () => {
  const { file, folder } = await program(`echo started >> count\n${openssl}`);
  const leaf = readCertificate(driverSigner.der);
  const made = await checkedSignatures(requests, commandSigner(file), { leaf }, signal);
  expect(made.size).toBe(2);
  expect(await readFile(join(folder, 'count'), 'utf8')).toBe('started\n');
});

test.each([
  ['echo no key >&2; exit 3', 'failed (3):\n  no key\n'],
  ['cat > /dev/null; echo "not base64!"', 'printed a line that is no base64: "not base64!"\n'],
  ['cat > /dev/null; head -c 200000 /dev/zero 2> /dev/null', 'printed too much\n'],
])('a program that does %j is refused', async (lines, message) => {
  const { file } = await program(lines);
  const [problem] = await problemsOf(commandSigner(file).sign(requests, signal) as Promise<unknown>);
  expect(problem).toContain(`--signer-command ${file}: ${message}`);
});

test('a program that is not there is named', async () => {
  const [problem] = await problemsOf(commandSigner('/nonexistent/sign').sign(requests, signal));
  expect(problem).toContain('--signer-command /nonexistent/sign: failed (ENOENT)');
});

test('a file that may not be started is no program', async () => {
  const { file } = await program('');
  await chmod(file, 0o644);
  const [problem] = await problemsOf(commandSigner(file).sign(requests, signal));
  expect(problem).toContain(`--signer-command ${file}: is not executable\n  hint: chmod +x `);
});

test('an interrupted run ends what the program has started, too', async () => {
  const { file, folder } = await program('sleep 60 & echo $! > child\ncat > /dev/null; wait');
  const stop = new AbortController();
  const signing = commandSigner(file).sign(requests, stop.signal);
  const child = () => readFile(join(folder, 'child'), 'utf8').catch(() => '');
  await expect.poll(child).toMatch(/\n$/);
  const pid = Number(await child());
  stop.abort();
  await expect(signing).rejects.toThrow('interrupted');
  const isGone = async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat === '' || / Z /.test(stat);
  };
  await expect.poll(isGone).toBe(true);
});
