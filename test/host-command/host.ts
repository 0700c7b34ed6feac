import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { watchHost } from '../builders/host-invariants.ts';
import { toolPath } from '../builders/needs.ts';

/** The host command as it lies in the repository. */
export const script = join(import.meta.dirname, '../../debian/host/virtio-win');

/** The shells that the host command must run in, each as the words before the script; where sh is dash, bash as a POSIX shell too. */
export const shells = ['dash', 'busybox sh', isDash('/bin/sh') ? 'bash --posix' : 'sh'];

function isDash(path: string): boolean {
  return basename(realpathSync(path)) === 'dash';
}

/** What a run of the host command printed and how it ended. */
export interface HostResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A made-up host: folders for discs, for programs that stand before the real ones, and for anything else. */
export interface Host {
  readonly folder: string;
  readonly discs: string;
  readonly bin: string;
  readonly env: Record<string, string>;
  readonly run: (shell: string, ...args: readonly string[]) => Promise<HostResult>;
}

/** Makes a host without discs; its folder goes away with the test. */
export async function makeHost(): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-host-'));
  await chmod(folder, 0o755);
  const [discs, bin, home, temporary] = ['discs', 'bin', 'home', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const name of [discs, bin, home, temporary]) await mkdir(name);
  const isAsBefore = await watchHost({ folder, temporary: [temporary] });
  onTestFinished(async () => {
    await isAsBefore().finally(() => rm(folder, { recursive: true, force: true }));
  });
  const env: Record<string, string> = {
    PATH: `${bin}:${toolPath}`,
    HOME: home,
    TMPDIR: temporary,
    VIRTIO_WIN_DIR: discs,
  };
  const run = async (shell: string, ...args: readonly string[]): Promise<HostResult> => {
    const [program = '', ...words] = shell.split(' ');
    const discsAreAsBefore = await watchHost(args.includes('prune') ? {} : { discs });
    const { exitCode, stdout, stderr } = await execa(program, [...words, script, ...args], {
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: 60_000,
    });
    await discsAreAsBefore();
    return { exitCode, stdout, stderr };
  };
  return { folder, discs, bin, env, run };
}

/** Writes a program that stands before the real one on the host's PATH. */
export async function writeProgram({ bin }: Host, name: string, text: string): Promise<void> {
  await writeFile(join(bin, name), text, { mode: 0o755 });
}

/** A disc to install: fields of its record that differ from the usual ones, its drivers, its bytes. */
export interface DiscOptions {
  readonly fields?: Readonly<Record<string, string>>;
  readonly drivers?: readonly Readonly<Record<string, string>>[];
  readonly bytes?: Uint8Array;
}

/** A disc of drivers for guests of Xen. */
export const forXen: DiscOptions = { fields: { Family: 'xenpv' } };

/** The drivers that an installed disc has where a test names none. */
export const usualDrivers = [
  driver('viostor', 'w11', 'Windows 11', 'amd64', {
    'Driver-Version': '100.95.104.1',
    Date: '2024-01-02',
    Class: 'SCSIAdapter',
    'Hardware-Ids':
      'PCI\\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00 PCI\\VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01',
    'Compatible-Ids': 'PCI\\VEN_1AF4&DEV_1001 PCI\\VEN_1AF4&DEV_1042',
  }),
  driver('viostor', 'w11', 'Windows 11', 'ARM64', { Signature: 'unsigned', Loads: 'in test mode only' }),
  driver('viostor', 'w10', 'Windows 10', 'x86', {}),
];

function driver(name: string, os: string, windows: string, arch: string, more: Record<string, string>) {
  const folder = `${name}/${os}/${arch}`;
  const inf = `${folder}/${name}.inf`;
  return {
    Driver: name,
    Os: os,
    Windows: windows,
    Arch: arch,
    Folder: folder,
    Inf: inf,
    Signature: 'vendor-signed',
    ...more,
  };
}

/** Installs a disc on a host, and returns the path of the ISO. */
export function installDisc(host: Host, release: string, options: DiscOptions = {}): Promise<string> {
  return writeDisc(host.discs, release, options);
}

/** Writes a disc as its package does: `<release>.iso`, read-only, and the record beside it. Returns the path of the ISO. */
export async function writeDisc(folder: string, release: string, options: DiscOptions = {}): Promise<string> {
  const { fields = {}, drivers = usualDrivers, bytes = Buffer.from(`disc ${release}\n`) } = options;
  const [, name = release, version = '1'] = /^(.*)-(\d[^-]*)$/.exec(release) ?? [];
  const path = join(folder, `${release}.iso`);
  const disc = {
    Disc: `${release}.iso`,
    Kind: 'drivers',
    Name: name,
    Version: version,
    Package: name,
    'Package-Version': `${version}-1`,
    Title: `Drivers of ${name}`,
    Label: release,
    Size: String(bytes.length),
    Sha256: createHash('sha256').update(bytes).digest('hex'),
    Signatures: 'vendor-signed 2, unsigned 1',
    ...fields,
  };
  await rm(path, { force: true }); // who is not root cannot write to a disc that is there
  await writeFile(path, bytes, { mode: 0o444 });
  const stanzas = [disc, ...drivers].map((stanza) =>
    Object.entries(stanza)
      .map(([field, value]) => `${field}: ${value}\n`)
      .join(''),
  );
  await writeFile(join(folder, `${release}.disc`), stanzas.join('\n'));
  return path;
}
