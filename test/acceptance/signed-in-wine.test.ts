import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enrolmentFiles } from '../../pipeline/assemble/enrolment.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverRoot, driverSigner, pemOf, signingFiles } from '../builders/signing-keys.ts';
import { checkerOptions, checkerSource, driverOptions, driverSource } from '../builders/windows-checker.ts';
import { isWineAsked, plainCommand, startWine, type Wine } from '../builders/wine.ts';

if (!isWineAsked)
  console.warn('SKIPPED: signed drivers are tried by scripts/wine, which needs 700 MB of packages');

/** Wine looks only for models without a version, and for services of the install section. */
const inf = `[Version]
Signature = "$Windows NT$"
Class = System
ClassGuid = {4D36E97D-E325-11CE-BFC1-08002BE10318}
Provider = %Maker%
CatalogFile = wtest.cat
DriverVer = 11/20/2026,1.0.0.0
PnpLockdown = 1
[Manufacturer]
%Maker% = Models,NTamd64
[Models.NTamd64]
%Device% = Install,ROOT\\WTEST
[DestinationDirs]
DefaultDestDir = 12
[SourceDisksNames]
1 = %Maker%
[SourceDisksFiles]
wtest.sys = 1
[Install.NT]
CopyFiles = Files
[Files]
wtest.sys
[Install.NT.Services]
AddService = wtest,2,Service
[Service]
DisplayName = %Device%
ServiceType = 1
StartType = 3
ErrorControl = 1
ServiceBinary = %12%\\wtest.sys
[Strings]
Maker = "Test maker"
Device = "Test device"
`.replaceAll('\n', '\r\n');

/** Error codes of WinVerifyTrust: no signature, another digest; and of a chain: a root that is not trusted. */
const trust = { noSignature: '800b0100', otherDigest: '80096010', untrustedRoot: '20' };

/**
 * Wine does not check who signed a catalog or an INF, knows no test-signing mode and no kernel policy, and WinVerifyTrust takes any file for
 * a member of any catalog: whether a real Windows loads the driver, no test here can tell.
 */
describe.runIf(isWineAsked)('in Wine', { timeout: 600_000 }, () => {
  let wine: Wine;

  beforeAll(async () => {
    wine = await startWine();
  });

  afterAll(() => wine.stop());

  test('a driver with our catalog and signature is installed, started, and told apart from others', async () => {
    const built = await signedDriver(wine);
    const check = async (...args: readonly string[]) => (await wine.run('C:\\checker.exe', ...args)).trim();
    expect(await check('open', 'C:\\wtest.inf')).toBe('opened');
    expect(await check('copy', 'C:\\wtest.inf')).toBe('copied');
    const catalogs = join(wine.drive, 'windows/system32/catroot/{f750e6c3-38ee-11d1-85e5-00c04fc295ee}');
    expect(await readFile(join(catalogs, 'wtest.cat'))).toEqual(await readFile(join(built, 'wtest.cat')));
    expect(await check('device', 'C:\\wtest.inf', 'ROOT\\WTEST')).toBe('installed');
    const installed = join(wine.drive, 'windows/system32/drivers/wtest.sys');
    expect(await readFile(installed)).toEqual(await readFile(join(built, 'wtest.sys')));
    await wine.run('sc', 'start', 'wtest');
    await expect.poll(() => wine.run('sc', 'query', 'wtest'), { timeout: 30_000 }).toContain('RUNNING');

    expect(await check('trust', 'C:\\unsigned.sys')).toBe(`${trust.noSignature} 0`);
    expect(await check('trust', 'C:\\changed.sys')).toBe(`${trust.otherDigest} 0`);
    expect(await check('trust', 'C:\\wtest.sys')).toBe(`00000000 ${trust.untrustedRoot}`);
    expect(await check('add', 'Root', 'C:\\root.cer')).toBe('added');
    expect(await check('trust', 'C:\\wtest.sys')).toBe('00000000 0');
  });

  describe('the scripts of cert/', () => {
    const folder = 'C:\\a disc & (its) files\\cert';
    const pem = [pemOf(driverSigner), pemOf(driverRoot)];
    const sha1 = pem.map((text) => new X509Certificate(text).fingerprint.replaceAll(':', '').toLowerCase());
    const enrol = [`certutil -f -addstore Root "${folder}\\root.cer"`];
    enrol.push(`certutil -f -addstore TrustedPublisher "${folder}\\signer.cer"`);
    const revoke = [
      `certutil -f -delstore Root ${sha1[1]}`,
      `certutil -f -delstore TrustedPublisher ${sha1[0]}`,
    ];
    const on = ['bcdedit /set testsigning on'];
    const off = ['bcdedit /set testsigning off'];
    const cases = [
      {
        run: 'trust.cmd /y',
        ran: enrol,
        code: 0,
        says: /From now on this computer trusts drivers that "Drivers" signed/,
      },
      { run: 'untrust.cmd /Y', ran: revoke, code: 0, says: /no longer trusts drivers that "Drivers" signed/ },
      {
        run: 'test-mode.cmd /y',
        ran: on,
        code: 0,
        says: /loads drivers of any signer[\s\S]*Restart Windows now/,
      },
      { run: 'test-mode.cmd off', ran: off, code: 0, says: /^Restart Windows now/ },
      {
        run: 'trust.cmd /y',
        ran: enrol.slice(0, 1),
        fails: 5,
        code: 1,
        says: /Nothing more was done: run this as admin/,
      },
      {
        run: 'trust.cmd /y',
        ran: enrol,
        failing: 'TrustedPublisher',
        fails: 5,
        code: 1,
        says: /trusts "Drivers root" now[\s\S]*untrust\.cmd, or by: certutil -f -delstore Root [0-9a-f]{40}$/,
      },
      {
        run: 'untrust.cmd /y',
        ran: revoke,
        fails: 5,
        code: 1,
        says: /The root was not removed: [^\n]*"Drivers root"\.\nThe publisher was not removed: [\s\S]*administrator\.$/,
      },
      {
        run: 'untrust.cmd /y',
        ran: revoke,
        failing: 'Root',
        fails: 5,
        code: 1,
        says: /trust\.cmd undoes this\.\nThe root was not removed: [^\n]*\nRun this as administrator\.$/,
      },
      {
        run: 'trust.cmd /?',
        ran: [],
        code: 0,
        says: /^usage: trust\.cmd \[\/y\][\s\S]*untrust\.cmd undoes this\.$/,
      },
      // Wine's `call` makes 1 of every exit code but 0.
      { run: 'untrust.cmd /Y /x', ran: [], code: 1, says: /^Unknown option: \/Y \/x *\nusage: untrust\.cmd/ },
      {
        run: 'test-mode.cmd /off',
        ran: [],
        code: 1,
        says: /^Unknown option: \/off *\nusage: test-mode\.cmd/,
      },
      { run: 'test-mode.cmd ""', ran: [], code: 1, says: /^Unknown option: / },
      { run: 'test-mode.cmd /y', ran: on, fails: 1, code: 1, says: /Secure Boot turned off in the firmware/ },
      { run: 'trust.cmd', ran: enrol, code: 0, says: /untrust\.cmd undoes this[\s\S]*Press/ },
    ];

    test('run what they say, say what failed, and wait for a key unless told not to', async () => {
      await wine.record('certutil.exe', 'bcdedit.exe');
      const certificate = { name: '', sha256: '', validFrom: '', validTo: '', chain: [], pem };
      for (const [path, text] of enrolmentFiles({ certificate, files: [] })) {
        const file = join(wine.drive, 'a disc & (its) files', path);
        await mkdir(join(file, '..'), { recursive: true });
        await writeFile(file, text);
      }
      await wine.batch(
        cases.flatMap(({ run, fails = 0, failing = '' }, number) => {
          const [script, ...options] = run.split(' ');
          return [
            `set CODE=${fails}`,
            `set FAILING=${failing}`,
            `set RECORD=C:\\ran-${number}`,
            'type nul >%RECORD%',
            `call "${folder}\\${script}" ${options.join(' ')} >C:\\said-${number} 2>&1 <nul`,
            `>C:\\code-${number} echo %errorlevel%`,
          ];
        }),
      );
      for (const [number, { run, ran, code, says }] of cases.entries()) {
        const lines = (await wine.read(`ran-${number}`)).split('\n').filter(Boolean).map(plainCommand);
        expect
          .soft({ run, ran: lines, code: Number(await wine.read(`code-${number}`)) })
          .toEqual({ run, ran, code });
        expect.soft(await wine.read(`said-${number}`)).toMatch(says);
      }
    });
  });
});

/** Makes and signs a driver with pvdisc, puts it and copies without and with another signature on drive C:, and returns its folder. */
async function signedDriver({ drive, compile }: Wine): Promise<string> {
  const { certificates, key } = await signingFiles();
  const folder = await temporaryFolder('pvdisc-wine-');
  const built = join(folder, 'Win10/amd64');
  const driver = join(built, 'wtest.sys');
  await mkdir(built, { recursive: true });
  await compile(checkerSource, join(drive, 'checker.exe'), ...checkerOptions);
  await compile(driverSource, driver, ...driverOptions);
  await writeFile(join(built, 'wtest.inf'), inf);
  await copyFile(driver, join(drive, 'unsigned.sys'));
  expect(await pvdisc(['catalog', folder])).toMatchObject({ exitCode: 0 });
  const signed = await pvdisc(['sign', folder, '--certificates', certificates, '--signer-key', key]);
  expect(signed).toMatchObject({ exitCode: 0 });
  for (const name of await readdir(built)) await copyFile(join(built, name), join(drive, name));
  const changed = await readFile(driver);
  changed.writeUInt8(changed.readUInt8(codeOffset) ^ 1, codeOffset);
  await writeFile(join(drive, 'changed.sys'), changed);
  await writeFile(join(drive, 'root.cer'), driverRoot.der);
  return built;
}

/** A byte of the driver's code. */
const codeOffset = 0x410;
