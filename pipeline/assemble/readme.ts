import satisfies from 'semver/functions/satisfies.js';
import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import type { DriverFamily } from '../formats/windows/driver-family.ts';
import { loadCondition, loadConditionText } from '../formats/windows/signing-policy.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { installPath, licensesFolder, pagePath, setupFolder, unattendFolder } from '../model/disc-layout.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import { ascii, loadWords, signatureWords } from '../model/signature-words.ts';
import { targetPath } from '../model/target.ts';
import { isNotLoadedInPe, notLoadedLines } from './setup-loads.ts';

/** Returns the disc's README.txt: what it is, which folder for which Windows, how the drivers are signed, how to install them. CRLF, ASCII: any other character of an INF or certificate is shown as `?`. */
export function discReadme(manifest: Manifest, drivers: readonly DriverFacts[]): string {
  const rows = rowsOf(manifest, drivers);
  const enrolment = manifest.release.sign?.enrol ? [enrolmentSection(rows)] : [];
  const sections = driverSections(manifest, drivers, { hasScript: true });
  return asReadme([introduction(manifest), ...sections, ...enrolment, licences()]);
}

/** Returns the sections on drivers: their folders, signatures, installation, and each of them; an upstream disc has no install.cmd. */
export function driverSections(
  manifest: Manifest,
  drivers: readonly DriverFacts[],
  { hasScript }: { readonly hasScript: boolean },
): string[] {
  const rows = rowsOf(manifest, drivers);
  return [
    folders(rows),
    signatures(rows, drivers),
    installation(manifest, rows, drivers, hasScript),
    driverList(manifest, drivers),
  ];
}

function rowsOf({ targets }: Manifest, drivers: readonly DriverFacts[]): TargetRow[] {
  return targets.filter((row) => drivers.some(({ target }) => targetPath(target) === targetPath(row)));
}

/** Joins sections to a README.txt with CRLF and ASCII only. */
export function asReadme(sections: readonly string[]): string {
  return sections
    .join('\n')
    .replace(/[^\n\x20-\x7e]/g, '?')
    .replaceAll('\n', '\r\n');
}

/** Returns one line per signature state and load condition: how many driver packages are signed so and when they load. */
export function signatureLines(rows: readonly TargetRow[], drivers: readonly DriverFacts[]): string[] {
  const targets = new Map<string, Set<string>>();
  for (const facts of drivers) {
    const row = rows.find((candidate) => targetPath(candidate) === targetPath(facts.target));
    if (row === undefined) continue;
    const line = `${signatureWords(facts)}: ${loadConditionText[loadCondition(facts.signature, row)]}`;
    targets.set(line, (targets.get(line) ?? new Set()).add(targetPath(facts.target)));
  }
  return [...targets]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([line, names]) => `${line}\n  ${wrap([...names], 2)}`);
}

function introduction({ release, label }: Manifest): string {
  return `${label}
${'='.repeat(label.length)}

${release.title}.

This disc holds paravirtual drivers for Windows guests on ${devices[release.family]}. It was assembled by pvdisc.
${pagePath} shows them in a browser, data\\info.json lists every driver with its version; ${licensesFolder}\\ holds the licences.
`;
}

const devices: Readonly<Record<DriverFamily, string>> = {
  virtio: 'KVM (virtio)',
  xenpv: 'Xen (Xen PV), and none for KVM',
};

function folders(rows: readonly TargetRow[]): string {
  const width = Math.max(...rows.map(({ os }) => os.length));
  const lines = new Map<string, string[]>();
  for (const { os, arch, windows } of rows) {
    const key = `${os.padEnd(width)}  ${windows}`;
    lines.set(key, [...(lines.get(key) ?? []), arch]);
  }
  const table = [...lines].map(([key, arches]) => `  ${key} (${arches.join(', ')})`);
  return `Which folder for which Windows
------------------------------
<Driver>\\<folder of the Windows>\\<architecture>, such as viostor\\w10\\amd64.
x86 is 32-bit, amd64 64-bit (Intel and AMD), ARM64 64-bit (ARM).

${table.join('\n')}

i386\\, amd64\\ and ARM64\\ hold once more, by Windows, the storage drivers that Windows Setup needs to see the disk.
`;
}

function signatures(rows: readonly TargetRow[], drivers: readonly DriverFacts[]): string {
  return `How the drivers are signed, and when Windows loads them
-------------------------------------------------------
${signatureLines(rows, drivers)
  .map((line) => `* ${line}`)
  .join('\n')}

"attested" and "whql" drivers are signed by Microsoft, "vendor-signed" ones by their maker only,
"self-signed" ones with a certificate that no Windows trusts by itself, "unsigned" ones not at all.
`;
}

function installation(
  { release }: Manifest,
  rows: readonly TargetRow[],
  drivers: readonly DriverFacts[],
  hasScript: boolean,
): string {
  const current = exampleInf(rows, drivers, '>=10.0.14393');
  const older = exampleInf(rows, drivers, '>=6.0.0 <10.0.14393');
  const inPe = drivers.filter((facts) => !isNotLoadedInPe(facts));
  const forPe = exampleInf(rows, inPe, '>=10.0.14393') ?? exampleInf(rows, inPe, '>=6.0.0 <10.0.14393');
  const anInf = forPe ?? 'D:\\Driver\\Windows\\architecture\\driver.inf';
  const commands = [
    ...(current === undefined ? [] : [`  pnputil /add-driver ${current} /install`]),
    ...(older === undefined ? [] : [`  pnputil -i -a ${older}      (before Windows 10 1607)`]),
  ];
  return `How to install
--------------
D: stands for the drive letter of this disc.
In a running Windows (Vista or later), as administrator${hasScript ? allDrivers : ':'}
${commands.join('\n')}
or in Device Manager: right-click the device, "Update driver", "Browse my computer", choose the drive of this disc.
In Windows Setup, when no disk is shown: "Load driver", browse to amd64\\<Windows> (or i386, ARM64) on this disc.
${notLoadedLines(drivers)}${hasScript ? setupLines(release) : ''}${
  forPe === undefined && drivers.length > 0
    ? ''
    : `In Windows PE${hasScript ? `, where ${installPath} works too` : ''}:\n  drvload ${anInf}\n`
}`;
}

const allDrivers = `, all drivers that are for it:
  D:\\${installPath}            ("D:\\${installPath} /?" tells more)
or one of them:`;

/** Returns the lines on Windows Setup where pvdisc wrote the disc. */
function setupLines({ setupDrivers }: Manifest['release']): string {
  const unattended = `${unattendFolder}\\ has parts for the autounattend.xml of each Windows, which need no drive letter.\n`;
  if (setupDrivers === undefined) return unattended;
  return `Windows Setup loads the storage and network drivers of ${setupDrivers.targets.join(', ')} from ${setupFolder}\\ by itself.\n${unattended}`;
}

function exampleInf(
  rows: readonly TargetRow[],
  drivers: readonly DriverFacts[],
  windows: string,
): string | undefined {
  const suited = new Set(rows.filter(({ version }) => satisfies(version, windows)).map(targetPath));
  const fitting = drivers.filter(({ target }) => suited.has(targetPath(target)));
  const { inf } = fitting.findLast(({ target }) => target.arch === 'amd64') ?? fitting.at(-1) ?? {};
  return inf === undefined ? undefined : `D:\\${inf.replaceAll('/', '\\')}`;
}

function driverList(manifest: Manifest, drivers: readonly DriverFacts[]): string {
  const names = [...new Set(drivers.map(({ driver }) => driver))];
  const entries = names.map((name) => {
    const title = manifest.drivers.find((driver) => driver.name === name)?.title ?? '';
    const packages = drivers.filter(({ driver }) => driver === name).map(describePackage);
    return `${name}: ${title}\n${packages.join('\n')}`;
  });
  return `The drivers
-----------
${entries.join('\n\n')}
`;
}

function describePackage(facts: DriverFacts): string {
  const { inf, target, driverVer, loads, verdict } = facts;
  const folder = `${target.os}\\${target.arch}`.padEnd(13);
  const when = loads === undefined ? '' : `, ${loadWords[loads]}`;
  const line = `  ${folder} ${nameOf(inf).padEnd(18)} ${driverVer ?? 'no version'}, ${signatureWords(facts)}${when}`;
  const lacking = verdict.uncovered.map(nameOf).join(', ');
  const by = verdict.signer === undefined ? verdict.trust : `${verdict.trust} by ${verdict.signer}`;
  const note = lacking === '' ? [] : [`    its catalog (${by}) does not hold: ${lacking}`];
  return [line, ...note].map(ascii).join('\n');
}

function enrolmentSection(rows: readonly TargetRow[]): string {
  const needs = groupBy(rows, needOf);
  const table = [...needs].map(([need, same]) => {
    const arches = groupBy(same, ({ windows }) => windows);
    const names = [...arches].map(([name, ones]) => `${name} (${ones.map(({ arch }) => arch).join(', ')})`);
    return `* ${need}:\n  ${wrap(names.join('; ').split(' '), 2)}`;
  });
  return `How to trust these drivers
--------------------------
Most drivers here are signed with a certificate that Windows does not know. As administrator, from this disc:
  cert\\trust.cmd       makes this computer trust it
  cert\\test-mode.cmd   turns on test-signing mode, which shows "Test Mode" on the desktop; then restart
  cert\\untrust.cmd     undoes trust.cmd; "cert\\test-mode.cmd off" undoes the other
Each says first what it weakens. What each Windows needs to load them:
${table.join('\n')}
`;
}

/** What a driver signed with one's own certificate needs on a Windows. */
function needOf(row: TargetRow): string {
  const condition = loadCondition('self-signed', row);
  if (row.version.startsWith('5.'))
    return 'double-click root.cer and signer.cer, and install them into "Trusted Root Certification Authorities" and "Trusted Publishers"';
  if (condition === 'test-signing') return 'trust.cmd and test-mode.cmd, with Secure Boot off';
  return condition === 'always' ? 'trust.cmd' : 'trust.cmd, with Secure Boot off';
}

function licences(): string {
  return `Licences
--------
The texts are in ${licensesFolder}\\. Nothing on this disc comes with a warranty.
`;
}

function wrap(words: readonly string[], indent: number): string {
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length > 90) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
