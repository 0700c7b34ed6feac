import { nearName } from '../../core/near-name.ts';
import { kernelExports } from './kernel-exports.ts';

/**
 * Modules of Windows that export functions to drivers, with the first NT version that has them since XP (5.1); lower case.
 * Sources: the DDI reference (`req.dll`, `req.lib`, "Minimum supported client") and "Storage port drivers".
 */
const kernelModules: ReadonlyMap<string, string> = new Map([
  ...[
    '1394bus.sys',
    'acpi.sys',
    'battc.sys',
    'bdasup.sys',
    'bootvid.dll',
    'bthport.sys',
    'classpnp.sys',
    'drmk.sys',
    'dxapi.sys',
    'fltmgr.sys',
    'hal.dll',
    'hidclass.sys',
    'hidparse.sys',
    'irenum.sys',
    'kdcom.dll',
    'ks.sys',
    'ksecdd.sys',
    'mcd.sys',
    'ndis.sys',
    'ndistapi.sys',
    'ntoskrnl.exe',
    'pciidex.sys',
    'portcls.sys',
    'rdbss.sys',
    'scsiport.sys',
    'smclib.sys',
    'stream.sys',
    'tape.sys',
    'tdi.sys',
    'usbcamd.sys',
    'usbcamd2.sys',
    'usbd.sys',
    'usbport.sys',
    'videoprt.sys',
    'watchdog.sys',
    'wdf01000.sys',
    'wdfldr.sys',
    'win32k.sys',
    'wmilib.sys',
  ].map((name): [string, string] => [name, '5.1']),
  // "Storage port drivers": Storport is available in Windows Server 2003 and later, the ATA port driver in Vista and later.
  ['storport.sys', '5.2'],
  ['ataport.sys', '6.0'],
  // WskRegister (Netio.lib) and FwpsCalloutRegister0 (Fwpkclnt.lib).
  ['netio.sys', '6.0'],
  ['fwpkclnt.sys', '6.0'],
]);

/** Further modules of Windows, of which no source says when they came; lower case. */
const undatedModules: ReadonlySet<string> = new Set([
  'ci.dll',
  'clfs.sys',
  'cng.sys',
  'dxgkrnl.sys',
  'hdaudbus.sys',
  'knetpwrdepbroker.sys',
  'ksecpkg.sys',
  'mpio.sys',
  'msgpioclx.sys',
  'msrpc.sys',
  'mup.sys',
  'nwifi.sys',
  'pci.sys',
  'pshed.dll',
  'sdbus.sys',
  'sercx.sys',
  'sercx2.sys',
  'spbcx.sys',
  'tbs.sys',
  'tm.sys',
  'usbhub.sys',
  'vhf.sys',
  'vmbkmcl.sys',
  'vmbkmclr.sys',
  'werkernel.sys',
  'winhv.sys',
  'winhvr.sys',
  'wpprecorder.sys',
]);

/** Returns the first NT version with a module that exports to drivers; undefined when it is unknown. */
export function kernelModuleSince(name: string): string | undefined {
  return kernelModules.get(name.toLowerCase());
}

/** Returns whether a module belongs to Windows; the names of API sets (`ext-ms-win-…`) stand for several modules. */
export function isKernelModule(name: string): boolean {
  const lower = name.toLowerCase();
  return kernelModules.has(lower) || undatedModules.has(lower) || /^(api|ext)-ms-/.test(lower);
}

/** Libraries of user mode, which the kernel never loads; lower case. */
const userModeLibraries: ReadonlySet<string> = new Set([
  'advapi32.dll',
  'comctl32.dll',
  'crypt32.dll',
  'gdi32.dll',
  'iphlpapi.dll',
  'kernel32.dll',
  'kernelbase.dll',
  'mscoree.dll',
  'msvcrt.dll',
  'newdev.dll',
  'ntdll.dll',
  'ole32.dll',
  'oleaut32.dll',
  'psapi.dll',
  'rpcrt4.dll',
  'setupapi.dll',
  'shell32.dll',
  'shlwapi.dll',
  'ucrtbase.dll',
  'user32.dll',
  'userenv.dll',
  'version.dll',
  'winmm.dll',
  'ws2_32.dll',
  'wtsapi32.dll',
]);

/** Returns whether a library is for user mode: one of Windows, or a C and C++ runtime (`msvcr120.dll`, `vcruntime140.dll`). */
export function isUserModeLibrary(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    userModeLibraries.has(lower) || /^(msvc[rp]|vcruntime|concrt|mfc|api-ms-win-crt-)[\w-]*\.dll$/.test(lower)
  );
}

/** Returns whether a library is a debug version of the C and C++ runtime, which Microsoft does not let anyone redistribute. */
export function isDebugRuntime(name: string): boolean {
  return /^(msvc[rp]\d+d|vcruntime\d+(_1)?d|ucrtbased|mfc\d+u?d)\.dll$/i.test(name);
}

/** Functions of a module, with the NT version that they came with where it is later than Server 2003 and known. */
type KernelFunctions = ReadonlyMap<string, string | undefined>;

const parsed = new Map<string, KernelFunctions>();

function kernelFunctions(module: string): KernelFunctions | undefined {
  const name = module.toLowerCase();
  const table = Object.hasOwn(kernelExports, name) ? kernelExports[name] : undefined;
  const functions = parsed.get(name) ?? (table === undefined ? undefined : parseTable(table));
  if (functions !== undefined) parsed.set(name, functions);
  return functions;
}

function parseTable(table: string): KernelFunctions {
  const groups = table.split('\n').map((line) => line.split(' '));
  return new Map(
    groups.flatMap(([since, ...names]) =>
      names.map((name): [string, string | undefined] => [name, since === '-' ? undefined : since]),
    ),
  );
}

/** Returns the first NT version with a function; undefined when it is Server 2003 or earlier, or unknown. */
export function kernelFunctionSince(module: string, name: string): string | undefined {
  return kernelFunctions(module)?.get(name);
}

/** Returns whether a module of Windows, whose functions are known, is not known to export one of this name; ordinals (`#18`) have none. */
export function lacksKernelFunction(module: string, name: string): boolean {
  return !name.startsWith('#') && kernelFunctions(module)?.has(name) === false;
}

/** Returns the function of a module of Windows that a misspelled name is nearest to, of which a quarter of the letters differ at most, and three. */
export function nearKernelFunction(module: string, name: string): string | undefined {
  return nearName(
    name,
    [...(kernelFunctions(module)?.keys() ?? [])],
    Math.min(3, Math.floor(name.length / 4)),
  );
}
