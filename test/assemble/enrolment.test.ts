import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { enrolmentFiles } from '../../pipeline/assemble/enrolment.ts';
import { plannedPaths } from '../../pipeline/model/disc-layout.ts';
import { makeRelease } from '../builders/release.ts';
import { driverRoot, driverSigner, pemOf, underRoot } from '../builders/signing-keys.ts';
import type { TestCertificate } from '../formats/signing.ts';

function files(...certificates: readonly TestCertificate[]): ReadonlyMap<string, string> {
  const pem = certificates.map((one) => pemOf(one));
  const certificate = { name: '', sha256: '', validFrom: '', validTo: '', chain: [], pem };
  return enrolmentFiles({ certificate, files: [] });
}

test('the certificate of the key is trusted as a publisher, the root as a root, and both are taken back by their digests', () => {
  const made = files(driverSigner, driverRoot);
  const [signer, root] = ['signer', 'root'].map(
    (name) => new X509Certificate(made.get(`cert/${name}.cer`) ?? ''),
  );
  expect(signer?.raw.equals(Buffer.from(driverSigner.der))).toBe(true);
  expect(root?.raw.equals(Buffer.from(driverRoot.der))).toBe(true);
  const sha1 = (one: X509Certificate | undefined) => one?.fingerprint.replaceAll(':', '').toLowerCase();
  expect(commands(made.get('cert/trust.cmd'))).toEqual([
    'certutil -f -addstore Root "%~dp0root.cer"',
    'certutil -f -addstore TrustedPublisher "%~dp0signer.cer"',
  ]);
  expect(commands(made.get('cert/untrust.cmd'))).toEqual([
    `certutil -f -delstore Root ${sha1(root)}`,
    `certutil -f -delstore TrustedPublisher ${sha1(signer)}`,
  ]);
  expect(commands(made.get('cert/test-mode.cmd'))).toEqual([
    'bcdedit /set testsigning on',
    'bcdedit /set testsigning off',
  ]);
});

/** The commands that change something, whose failure each script looks at. */
function commands(script = ''): string[] {
  return [
    ...script.matchAll(/^((?:certutil|bcdedit).*\S)\r\nif not "%errorlevel%"=="0" (?:goto|set) .*\r$/gm),
  ].map(([, command = '']) => command);
}

test('every script says what it weakens and what undoes it before it waits, in ASCII with CRLF', () => {
  for (const [path, text] of files(driverSigner, driverRoot)) {
    expect(text, path).toMatch(/^(?:[\x20-\x7e]*\r\n)+$/);
    if (!path.endsWith('.cmd')) continue;
    const [before = ''] = text.split('pause');
    expect(before, path).toMatch(/echo .*(?:trusts|loads) /);
    expect(before, path).toMatch(/undoes this/);
    expect(text.indexOf('pause'), path).toBeLessThan(text.search(/^(?:certutil|bcdedit)/m));
  }
});

test('every script has a usage, and refuses what it does not know before it changes anything', () => {
  for (const [path, text] of files(driverSigner, driverRoot)) {
    if (!path.endsWith('.cmd')) continue;
    const [before = ''] = text.split(/^(?:certutil|bcdedit)/m);
    expect(before, path).toMatch(/^if "%~1"=="\/\?" goto usage\r$/m);
    expect(before, path).toMatch(/^echo Unknown option: %\*\r\ncall :print_usage\r\nexit \/b 2\r$/m);
    expect(before, path).toContain(`echo usage: ${path.replace('cert/', '')} [/y]`);
  }
});

test('a name that cmd.exe would run is none in a script, and one certificate is both', () => {
  const made = files(underRoot({ name: 'A" & del %PATH% > x' }));
  expect(made.get('cert/trust.cmd')).toContain('drivers that "A? ? del ?PATH? ? x" signed');
  expect(made.get('cert/root.cer')).toBe(made.get('cert/signer.cer'));
});

test('the paths of the disc have these files where the release asks for them', async () => {
  const planned = async (enrol: boolean) => {
    const { manifest } = await makeRelease({ release: { sign: { certificates: 'drivers.pem', enrol } } });
    return plannedPaths(manifest, { files: [], packages: [] }).filter((path) => path.startsWith('cert/'));
  };
  expect(await planned(true)).toEqual([...files(driverSigner, driverRoot).keys()]);
  expect(await planned(false)).toEqual([]);
});
