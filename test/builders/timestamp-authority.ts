import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { temporaryFolder } from './release.ts';
import type { Answer } from './server.ts';
import { keyPem, pemOf, underRoot } from './signing-keys.ts';

const clock = underRoot({ name: 'Clock', ekus: ['1.3.6.1.5.5.7.3.8'], isCritical: true });

/** Returns an answer of a timestamp authority that OpenSSL keeps; each token has another serial number. */
export async function timestampAuthority(): Promise<Answer> {
  const folder = await temporaryFolder('pvdisc-tsa-');
  await writeFile(join(folder, 'clock.pem'), pemOf(clock));
  await writeFile(join(folder, 'clock.key'), keyPem(clock.key));
  await writeFile(join(folder, 'serial'), '01\n');
  await writeFile(
    join(folder, 'tsa.conf'),
    `[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_cert = clock.pem\nsigner_key = clock.key\nsigner_digest = sha256\ndefault_policy = 1.2.3\ndigests = sha256\ness_cert_id_alg = sha256\n`,
  );
  return (response, request) => {
    buffer(request).then(async (query) => {
      await writeFile(join(folder, 'query'), query);
      const args = ['ts', '-reply', '-config', 'tsa.conf', '-queryfile', 'query'];
      const { failed, stdout, stderr } = await execa('openssl', args, {
        cwd: folder,
        encoding: 'buffer',
        stripFinalNewline: false,
        reject: false,
      });
      if (failed) response.writeHead(500).end(stderr);
      else response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(stdout);
    });
  };
}
