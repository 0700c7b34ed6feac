import { PipelineError } from '../core/errors.ts';
import { endGroupOnAbort } from '../system/exec.ts';
import type { DigestSigner } from './signer.ts';

/** A signature of an 8192-bit key has 1368 characters. */
const mostOutputEach = 2048;
const mostOutput = 2 ** 16;

/**
 * Returns the signer of a program that knows a key: it is started once for all files, gets a SHA-256 digest in hexadecimal on each line of
 * its standard input, and prints the signature of each in base64 on a line, in their order. What it prints on standard error is shown where it fails.
 */
export function commandSigner(program: string): DigestSigner {
  const place = `--signer-command ${program}`;
  return {
    place,
    identity: program,
    sign: async (requests, signal) => {
      const { execa } = await import('execa');
      const running = execa(program, [], {
        input: requests.map(({ digest }) => `${digest}\n`).join(''),
        detached: true,
        reject: false,
        maxBuffer: mostOutput + requests.length * mostOutputEach,
        cancelSignal: signal,
        forceKillAfterDelay: 2000,
      });
      const forget = endGroupOnAbort(running.pid, { group: true, signal });
      const { failed, isCanceled, isMaxBuffer, exitCode, code, stdout, stderr } = await running;
      forget();
      if (isCanceled) throw new PipelineError('interrupted', { place, message: 'interrupted' });
      const words = String(stderr ?? '')
        .trim()
        .split('\n')
        .slice(-8)
        .join('\n  ');
      const hint = 'it reads a digest (hexadecimal) from each line and prints a signature (base64) for each';
      if (code === 'EACCES')
        throw new PipelineError('input', {
          place,
          message: 'is not executable',
          hint: 'chmod +x makes it so; it is the path of a program, without arguments',
        });
      if (failed) {
        const end = isMaxBuffer ? 'printed too much' : `failed (${exitCode ?? code ?? 'killed'})`;
        throw new PipelineError('input', {
          place,
          message: words === '' ? end : `${end}:\n  ${words}`,
          hint,
        });
      }
      const lines = String(stdout)
        .split('\n')
        .map((line) => line.trim());
      const signatures = lines.filter((line) => line !== '');
      const strange = signatures.find((line) => !/^[A-Za-z0-9+/]+={0,2}$/.test(line));
      if (strange !== undefined) {
        const message = `printed a line that is no base64: ${JSON.stringify(strange.slice(0, 60))}`;
        throw new PipelineError('input', { place, message, hint });
      }
      return signatures.map((line) => Buffer.from(line, 'base64'));
    },
  };
}
