// Writes pipeline/formats/windows/kernel-exports.ts: what the modules of the Windows kernel export to drivers, and since when.
// usage: node scripts/write-kernel-exports.mjs REFERENCE REACTOS MINGW
//   REFERENCE holds the reference of device driver interfaces (nf-*.md), REACTOS the sources of ReactOS (*.spec: what Server 2003 exports,
//   and later functions with their version), MINGW those of mingw-w64 (*.def).
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compareNtVersions } from '../build/formats/windows/nt-version.js';

/** Modules of which the three sources together give all functions. */
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
  'NDIS 5.0': '5.0',
  'NDIS 5.1': '5.1',
  'NDIS 6.0': '6.0',
  'NDIS 6.1': '6.0.6001',
  'NDIS 6.20': '6.1',
  'NDIS 6.30': '6.2',
  'NDIS 6.40': '6.3',
};
const builds = {
  1507: '10.0.10240',
  1511: '10.0.10586',
  1607: '10.0.14393',
  1703: '10.0.15063',
  1709: '10.0.16299',
  1803: '10.0.17134',
  1809: '10.0.17763',
  1903: '10.0.18362',
  1909: '10.0.18363',
  2004: '10.0.19041',
  '20H2': '10.0.19042',
  '21H2': '10.0.22000',
  '22H2': '10.0.22621',
  '23H2': '10.0.22631',
  '24H2': '10.0.26100',
};

/** Pages that name a later Windows than that of released drivers that import the function. */
const misdated = new Set(['IoReportRootDevice', 'PoFxRegisterPlugin']);

/** Functions in no source, which released drivers for Windows 10 import. */
const undocumented = { ntoskrnl: ['ExIsManufacturingModeEnabled'] };

const [reference, reactos, mingw] = process.argv.slice(2);
const definitions = await readAll(mingw, /\.def(\.in)?$/);
const specifications = await readAll(reactos, /\.spec$/);
const pages = (await readAll(reference, /^nf-.*\.md$/)).map(({ text }) => readPage(text));

const lines = Object.entries(modules).map(([module, file]) => {
  const named = ({ path }) => basename(path).split('.')[0].toLowerCase() === module;
  const since = new Map(undocumented[module]?.map((name) => [name, undefined]));
  for (const { text } of definitions.filter(named))
    for (const name of readDefinition(text)) since.set(name, undefined);
  const old = new Set();
  for (const { text } of specifications.filter(named))
    for (const { name, version } of readSpecification(text)) {
      since.set(name, version);
      if (version === undefined) old.add(name);
    }
  for (const { name, libraries, version } of pages)
    if (libraries.includes(module))
      since.set(name, old.has(name) || misdated.has(name) ? undefined : (version ?? since.get(name)));
  return `  '${file}': \`${groups(since).join('\n')}\`,`;
});
const text = `// Written by scripts/write-kernel-exports.mjs from the reference of device driver interfaces, ReactOS and mingw-w64.
/** By module: lines with the NT version that functions came with (\`-\`: with Server 2003 or before, or no source says when), and the functions. */
export const kernelExports: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
await writeFile(new URL('../pipeline/formats/windows/kernel-exports.ts', import.meta.url), text);

async function readAll(folder, pattern) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const files = [];
  for (const path of paths) files.push({ path, text: await readFile(path, 'utf8') });
  return files;
}

/** `Name@8 DATA` of a module definition file; `@8` is the size of the arguments. */
function readDefinition(text) {
  const entries = text.split('\n').map((line) => line.replace(/;.*/, '').trim());
  return entries
    .filter((line) => line !== '' && !/^(LIBRARY|EXPORTS|NAME|#)/.test(line))
    .map((line) => line.split(/[\s=]/)[0].replace(/^@?(\w+)@\d+$/, '$1'));
}

/** `@ stdcall -version=0x601+ Name(ptr)`: from Windows 7 on; without a version, or with one that ends, in Server 2003 too. */
function readSpecification(text) {
  return [...text.matchAll(/^\s*(?:@|\d+)\s+\w+((?:\s+-\S+)*)\s+([?@\w]+)/gm)].map(([, options, name]) => {
    const [, major, minor] = /-version=0x([0-9A-F]+)0([0-9A-F])\+/i.exec(options) ?? [];
    const version = `${Number.parseInt(major, 16)}.${Number.parseInt(minor, 16)}`;
    return { name, version: major === undefined || version.startsWith('5') ? undefined : version };
  });
}

/** The head of a page: `title: Name function (wdm.h)`, `req.lib: NtosKrnl.lib`, `req.target-min-winverclnt: Windows 10, version 2004`. */
function readPage(text) {
  const field = (name) =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1].replaceAll('\u00a0', ' ').trim() ?? '';
  return {
    name: field('title').split(' ')[0],
    libraries: `${field('req.dll')} ${field('req.lib')}`.toLowerCase().match(/\w+(?=\.)/g) ?? [],
    version: firstVersion(field('req.target-min-winverclnt')),
  };
}

/** The earliest Windows that a text names, as an NT version; undefined for those before Vista. */
function firstVersion(text) {
  const versions = [
    ...text.matchAll(/Windows (?:Server )?([\w.]+ R2|[\w.]*\w)(?:,? \(?version (\w+))?|NDIS (\d\.\d+)/gi),
  ]
    .map(([, windows = '', build = '', ndis = '']) =>
      ndis === '' ? (builds[build] ?? ntVersions[windows]) : ntVersions[`NDIS ${ndis}`],
    )
    .filter((version) => version !== undefined);
  const [first] = versions.sort(compareNtVersions);
  return first === undefined || first.startsWith('5') ? undefined : first;
}

function groups(since) {
  const versions = [...new Set(since.values())].sort((a, b) => compareNtVersions(a ?? '0', b ?? '0'));
  return versions.map((version) => {
    const names = [...since.keys()].filter((name) => since.get(name) === version && /^[\w?@$]+$/.test(name));
    return `${version ?? '-'} ${names.sort().join(' ')}`;
  });
}
