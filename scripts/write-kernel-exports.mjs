// Writes pipeline/formats/windows/kernel-exports.ts: what the modules of the Windows kernel export to drivers, and since when.
// usage: node scripts/write-kernel-exports.mjs REFERENCE REACTOS MINGW WDK HISTORY
//   REFERENCE holds the reference of device driver interfaces (nf-*.md), REACTOS the sources of ReactOS (*.spec: what Server 2003 exports,
//   and later functions with their version), MINGW those of mingw-w64 (*.def), WDK import libraries of Microsoft's kits in folders of the
//   Windows that they are for (wxp, wnet, wlh, win7; later: any), and HISTORY Geoff Chappell's studies of the exports of ntoskrnl and hal.
// A function came with the earliest Windows that a source names: a page often has the Windows that it was documented for.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { compareNtVersions, windowsVersions } from '../build/formats/windows/nt-version.js';

/** Modules of which the sources together give all functions. */
const modules = {
  classpnp: 'classpnp.sys',
  fltmgr: 'fltmgr.sys',
  hal: 'hal.dll',
  hidclass: 'hidclass.sys',
  hidparse: 'hidparse.sys',
  ks: 'ks.sys',
  ksecdd: 'ksecdd.sys',
  ndis: 'ndis.sys',
  netio: 'netio.sys',
  ntoskrnl: 'ntoskrnl.exe',
  portcls: 'portcls.sys',
  scsiport: 'scsiport.sys',
  storport: 'storport.sys',
  tdi: 'tdi.sys',
  usbd: 'usbd.sys',
  videoprt: 'videoprt.sys',
  wmilib: 'wmilib.sys',
};

/** As pages name Windows and NDIS ("Overview of NDIS versions"). */
const ntVersions = {
  2000: '5.0',
  XP: '5.1',
  2003: '5.2',
  Vista: '6.0',
  2008: '6.0',
  7: '6.1',
  '2008 R2': '6.1',
  8: '6.2',
  2012: '6.2',
  8.1: '6.3',
  '2012 R2': '6.3',
  10: '10.0',
  11: '10.0.22000',
  2019: '10.0.17763', // 2016 stands on pages of later functions too
  2022: '10.0.20348',
  2025: '10.0.26100',
  'NDIS 5.0': '5.0',
  'NDIS 5.1': '5.1',
  'NDIS 6.0': '6.0',
  'NDIS 6.1': '6.0.6001',
  'NDIS 6.20': '6.1',
  'NDIS 6.30': '6.2',
  'NDIS 6.40': '6.3',
};
const builds = {
  ...Object.fromEntries(Object.entries(windowsVersions).map(([build, name]) => [name, `10.0.${build}`])),
  1706: '10.0.15063', // a slip of one page
  '21H2': '10.0.22000',
  '23H2': '10.0.22631',
  '24H2': '10.0.26100',
};

/** Headers whose pages often name no library; of a macro there, only a name is known that no driver imports. */
const headers = {
  fltkernel: 'fltmgr',
  ks: 'ks',
  ndis: 'ndis',
  ntddk: 'ntoskrnl',
  ntifs: 'ntoskrnl',
  portcls: 'portcls',
  storport: 'storport',
  wdm: 'ntoskrnl',
};

/** Windows by the folder of its libraries in the kits. */
const kits = { wxp: '5.1', wnet: '5.2', wlh: '6.0', win7: '6.1' };

/** Windows as the pages of exports name it (names60sp1.htm); a service pack counts as its Windows. */
const histories = {
  50: '5.0',
  51: '5.1',
  52: '5.2',
  60: '6.0',
  61: '6.1',
  62: '6.2',
  63: '6.3',
  100: '10.0',
  ...builds,
};

const [reference, reactos, mingw, wdk, history] = process.argv.slice(2);
const definitions = await readAll(mingw, /\.def(\.in)?$/);
const specifications = await readAll(reactos, /\.spec$/);
const pages = (await readAll(reference, /^nf-.*\.md$/)).map(readPage);
const libraries = await readAll(wdk, /\.lib$/, 'latin1');
const studies = await readAll(history, /^names\d+(sp\d)?\.htm$/);

const lines = Object.entries(modules).map(([module, file]) => {
  const named = ({ path }) => basename(path).split('.')[0].toLowerCase() === module;
  const found = [
    ...definitions.filter(named).flatMap(({ text }) => readDefinition(text)),
    ...specifications.filter(named).flatMap(({ text }) => readSpecification(text)),
    ...libraries.filter(named).flatMap((library) => readLibrary(library, file)),
    ...studies.filter(({ path }) => basename(dirname(path)) === module).flatMap(readStudy),
    ...pages.filter(({ libraries: ofPage }) => ofPage.includes(module)),
  ];
  const since = new Map(found.map(({ name }) => [name, undefined]));
  for (const { name, version } of found) since.set(name, earlier(since.get(name), version));
  for (const { name, guessed } of found) since.set(name, since.get(name) ?? guessed);
  return `  '${file}': \`${groups(since).join('\n')}\`,`;
});
const text = `// Written by scripts/write-kernel-exports.mjs from the reference of device driver interfaces, ReactOS, mingw-w64,
// the import libraries of Microsoft's kits and Geoff Chappell's studies.
/** By module: lines with the NT version that functions came with (\`-\`: with Server 2003 or before, or no source says when), and the functions. */
export const kernelExports: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
await writeFile(new URL('../pipeline/formats/windows/kernel-exports.ts', import.meta.url), text);

async function readAll(folder, pattern, encoding = 'utf8') {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const files = [];
  for (const path of paths) files.push({ path, text: await readFile(path, encoding) });
  return files;
}

/** `Name@8 DATA` of a module definition file; `@8` is the size of the arguments. */
function readDefinition(text) {
  const entries = text.split('\n').map((line) => line.replace(/;.*/, '').trim());
  return entries
    .filter((line) => line !== '' && !/^(LIBRARY|EXPORTS|NAME|#)/.test(line))
    .map((line) => ({ name: line.split(/[\s=]/)[0].replace(/^@?(\w+)@\d+$/, '$1') }));
}

/** `@ stdcall -version=0x601+ Name(ptr)`: from Windows 7 on, if no other source knows; without a version, or with one that ends, in Server 2003 too. */
function readSpecification(text) {
  return [...text.matchAll(/^\s*(?:@|\d+)\s+\w+((?:\s+-\S+)*)\s+([?@\w]+)/gm)].map(([, options, name]) => {
    const [, major, minor] = /-version=0x([0-9A-F]+)0([0-9A-F])\+/i.exec(options) ?? [];
    const version = `${Number.parseInt(major, 16)}.${Number.parseInt(minor, 16)}`;
    return major === undefined ? { name, version: '5.2' } : { name, guessed: version };
  });
}

/** The import objects of a library, which name function and module ("PE Format"); symbols of x86 are decorated unless their name type says so. */
function readLibrary({ path, text }, file) {
  const version = Object.entries(kits).find(([folder]) => path.includes(`/${folder}/`))?.[1];
  const bytes = Buffer.from(text, 'latin1');
  const found = [];
  for (let at = 8; at + 80 <= bytes.length; ) {
    const size = Number(text.slice(at + 48, at + 58));
    const start = at + 60;
    const [symbol = '', module = ''] = text.slice(start + 20, start + size).split('\0');
    const nameType = (bytes.readUInt16LE(start + 18) >> 2) & 7;
    if (bytes.readUInt32LE(start) === 0xffff0000 && module.toLowerCase() === file && nameType > 0)
      found.push({ name: exportName(symbol, nameType), version });
    at = start + size + (size % 2);
  }
  return found;
}

/** 1: as it is, 2: without a leading `?`, `@` or `_`, 3: and up to the first `@`. */
function exportName(symbol, nameType) {
  const name = nameType === 1 ? symbol : symbol.replace(/^[?@_]/, '');
  return nameType === 3 ? name.split('@')[0] : name;
}

/** The first column of the tables of a page, by its name. */
function readStudy({ path, text }) {
  const [, windows] = /^names(\d+)/.exec(basename(path));
  const cells = [...text.matchAll(/<tr>\s*<td>(.*?)<\/td>/gs)].map(([, cell]) =>
    cell.replace(/<[^>]*>/g, ''),
  );
  const names = cells.map((cell) => cell.trim().split(/\s/)[0]).filter((name) => /^\D/.test(name)); // the table of builds has numbers
  return names.map((name) => ({ name, version: histories[windows] ?? '5.0' }));
}

/** The head of a page: `title: Name function (wdm.h)`, `req.lib: NtosKrnl.lib`, `req.target-min-winverclnt: Windows 10, version 2004`. */
function readPage({ path, text }) {
  const field = (name) =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1].replaceAll('\u00a0', ' ').trim() ?? '';
  const client = firstVersion(field('req.target-min-winverclnt')); // many pages name only a late Windows Server
  const named = `${field('req.dll')} ${field('req.lib')}`.toLowerCase().match(/\w+(?=\.)/g);
  return {
    name: field('title').split(' ')[0],
    libraries: named ?? [headers[basename(dirname(path))]],
    version: client && earlier(client, firstVersion(field('req.target-min-winversvr'))),
  };
}

/** The earliest Windows that a text names, as an NT version. */
function firstVersion(text) {
  const versions = [
    ...text.matchAll(/Windows (?:Server )?([\w.]+ R2|[\w.]*\w)(?:,? \(?version (\w+))?|NDIS (\d\.\d+)/gi),
  ]
    .map(([, windows = '', build = '', ndis = '']) =>
      ndis === '' ? (builds[build] ?? ntVersions[windows]) : ntVersions[`NDIS ${ndis}`],
    )
    .filter((version) => version !== undefined);
  return versions.sort(compareNtVersions)[0];
}

function earlier(one, other) {
  if (one === undefined || other === undefined) return one ?? other;
  return compareNtVersions(one, other) <= 0 ? one : other;
}

function groups(since) {
  const named = [...since].filter(([name]) => /^[\w?@$]+$/.test(name));
  const dated = named.map(([name, version = '-']) => ({
    name,
    version: version.startsWith('5') ? '-' : version,
  }));
  const versions = [...new Set(dated.map(({ version }) => version))];
  versions.sort((a, b) => compareNtVersions(a === '-' ? '0' : a, b === '-' ? '0' : b));
  return versions.map((version) => {
    const names = dated.filter((one) => one.version === version).map(({ name }) => name);
    return `${version} ${names.sort().join(' ')}`;
  });
}
