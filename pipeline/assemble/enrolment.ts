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
  const thumbprints = { signer: thumbprint(signer), root: thumbprint(root) };
  const files = {
    'root.cer': root,
    'signer.cer': signer,
    'test-mode.cmd': testMode,
    'trust.cmd': trust(names, thumbprints),
    'untrust.cmd': untrust(names, thumbprints),
  };
  return new Map(
    Object.entries(files).map(([name, text]) => [
      `${enrolmentFolder}/${name}`,
      text.replace(/\r?\n/g, '\r\n'),
    ]),
  );
}

/** Begins a script: `/?` prints its usage, `/y` does not wait for a key, and any other argument is refused. */
function head(usage: readonly string[], further = ''): string {
  return `@echo off
setlocal EnableExtensions DisableDelayedExpansion
set "quiet="
if "%~1"=="" if not [%1]==[""] goto start
if /i "%~1"=="/y" if "%~2"=="" goto quiet
if "%~1"=="/?" goto usage
${further}echo Unknown option: %*
call :print_usage
exit /b 2
:usage
call :print_usage
exit /b 0
:print_usage
${usage.map((line) => `echo ${line}\n`).join('')}exit /b 0
:quiet
set "quiet=yes"
:start
`;
}

const wait = 'if not defined quiet pause';

/** certutil's exit codes are negative, and Wine's cmd runs what follows `||` in any case. */
const ifFailed = 'if not "%errorlevel%"=="0"';

interface Both {
  readonly signer: string;
  readonly root: string;
}

function trust({ signer, root }: Both, thumbprints: Both): string {
  return `${head([
    'usage: trust.cmd [/y]     /y does not wait for a key',
    'Makes this computer trust the certificates of this disc; run it as administrator. untrust.cmd undoes this.',
  ])}echo From now on this computer trusts drivers that "${signer}" signed, and
echo everything else under "${root}": whoever has the key of the latter can
echo make this computer trust anything. untrust.cmd undoes this.
${wait}
certutil -f -addstore Root "%~dp0root.cer"
${ifFailed} goto failed
certutil -f -addstore TrustedPublisher "%~dp0signer.cer"
${ifFailed} goto half_done
echo 32-bit Windows without Secure Boot loads the drivers now; 64-bit Windows needs test-mode.cmd too.
exit /b 0
:failed
echo Nothing more was done: run this as administrator.
exit /b 1
:half_done
echo This computer trusts "${root}" now, but not "${signer}" as a publisher: run this again as administrator,
echo or take the root back by untrust.cmd, or by: certutil -f -delstore Root ${thumbprints.root}
exit /b 1
`;
}

/** Tries both stores, the root's first: it is what lets somebody else's programs in. */
function untrust({ signer, root }: Both, thumbprints: Both): string {
  return `${head([
    'usage: untrust.cmd [/y]     /y does not wait for a key',
    'Makes this computer no longer trust the certificates of this disc; run it as administrator. trust.cmd undoes this.',
  ])}echo From now on this computer no longer trusts drivers that "${signer}" signed,
echo nor anything else under "${root}". Installed drivers stay. trust.cmd undoes this.
${wait}
set "root="
set "signer="
certutil -f -delstore Root ${thumbprints.root}
${ifFailed} set "root=stays"
certutil -f -delstore TrustedPublisher ${thumbprints.signer}
${ifFailed} set "signer=stays"
if not defined root if not defined signer exit /b 0
if defined root echo The root was not removed: this computer may still trust everything under "${root}".
if defined signer echo The publisher was not removed: this computer may still install drivers of "${signer}" unasked.
echo Run this as administrator.
exit /b 1
`;
}

const testMode = `${head(
  [
    'usage: test-mode.cmd [/y]     test signing on; /y does not wait for a key',
    '       test-mode.cmd off      test signing off',
    'In test-signing mode, Windows loads drivers of any signer. Run it as administrator, with Secure Boot off.',
  ],
  'if /i "%~1"=="off" if "%~2"=="" goto off\n',
)}echo In test-signing mode this Windows loads drivers of any signer, and shows "Test Mode" on its desktop.
echo It does not work with Secure Boot. "test-mode.cmd off" undoes this.
${wait}
bcdedit /set testsigning on
${ifFailed} goto failed
echo Restart Windows now.
exit /b 0
:off
bcdedit /set testsigning off
${ifFailed} goto failed
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
