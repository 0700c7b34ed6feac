import { X509Certificate } from 'node:crypto';
import { readCertificate } from '../formats/signature/certificate.ts';
import { enrolmentFolder } from '../model/disc-layout.ts';
import type { TreeSigning } from '../model/signing.ts';

/**
 * Returns the files with which a guest trusts the release's certificates: these in PEM, and scripts. The root goes into the store "Root", the
 * certificate of the key into "TrustedPublisher", which takes no authorities (Microsoft, "Trusted Publishers Certificate Store").
 */
export function enrolmentFiles({ certificate }: TreeSigning): ReadonlyMap<string, string> {
  const [signer = '', root = signer] = [certificate.pem[0], certificate.pem.at(-1)];
  const names = { signer: plain(commonName(signer)), root: plain(commonName(root)) };
  const files = {
    'root.cer': root,
    'signer.cer': signer,
    'test-mode.cmd': testMode,
    'trust.cmd': trust(names),
    'untrust.cmd': untrust(names, { signer: thumbprint(signer), root: thumbprint(root) }),
  };
  return new Map(
    Object.entries(files).map(([name, text]) => [
      `${enrolmentFolder}/${name}`,
      text.replace(/\r?\n/g, '\r\n'),
    ]),
  );
}

/** Ends a script after a failed command: certutil's exit codes are negative, and Wine's cmd runs what follows `||` in any case. */
const unlessDone = 'if not "%errorlevel%"=="0" goto failed';

interface Both {
  readonly signer: string;
  readonly root: string;
}

function trust({ signer, root }: Both): string {
  return `@echo off
rem usage: trust.cmd [/y]     /y does not wait for a key
echo From now on this computer trusts drivers that "${signer}" signed, and
echo everything else under "${root}": whoever has the key of the latter can
echo make this computer trust anything. untrust.cmd undoes this.
if /i not "%~1"=="/y" pause
certutil -f -addstore Root "%~dp0root.cer"
${unlessDone}
certutil -f -addstore TrustedPublisher "%~dp0signer.cer"
${unlessDone}
echo 32-bit Windows without Secure Boot loads the drivers now; 64-bit Windows needs test-mode.cmd too.
exit /b 0
:failed
echo Nothing more was done: run this as administrator.
exit /b 1
`;
}

function untrust({ signer, root }: Both, thumbprints: Both): string {
  return `@echo off
rem usage: untrust.cmd [/y]     /y does not wait for a key
echo From now on this computer no longer trusts drivers that "${signer}" signed,
echo nor anything else under "${root}". Installed drivers stay. trust.cmd undoes this.
if /i not "%~1"=="/y" pause
certutil -f -delstore TrustedPublisher ${thumbprints.signer}
${unlessDone}
certutil -f -delstore Root ${thumbprints.root}
${unlessDone}
exit /b 0
:failed
echo Nothing more was done: run this as administrator.
exit /b 1
`;
}

const testMode = `@echo off
rem usage: test-mode.cmd [/y]     test signing on; /y does not wait for a key
rem        test-mode.cmd off      test signing off
if /i "%~1"=="off" goto off
echo In test-signing mode this Windows loads drivers of any signer, and shows "Test Mode" on its desktop.
echo It does not work with Secure Boot. "test-mode.cmd off" undoes this.
if /i not "%~1"=="/y" pause
bcdedit /set testsigning on
${unlessDone}
echo Restart Windows now.
exit /b 0
:off
bcdedit /set testsigning off
${unlessDone}
echo Restart Windows now.
exit /b 0
:failed
echo Nothing was changed: run this as administrator, with Secure Boot turned off in the firmware.
exit /b 1
`;

function commonName(pem: string): string {
  const { facts } = readCertificate(new X509Certificate(pem).raw);
  return facts.commonName ?? facts.subject;
}

/** Leaves only characters that cmd.exe passes through `echo` as they are. */
function plain(name: string): string {
  return name.replace(/[^\w .,-]/g, '?');
}

/** What certutil takes for a certificate: its SHA-1. */
function thumbprint(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase();
}
