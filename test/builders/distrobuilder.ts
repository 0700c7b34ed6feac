/** Folder names `<Driver>/<version>/<arch>` that distrobuilder's repack-windows looks for, case-sensitive (windows/repack_util.go). */
export const repackWords = {
  drivers: [
    ...['Balloon', 'NetKVM', 'vioinput', 'viorng', 'vioscsi', 'vioserial'],
    ...['viofs', 'viogpudo', 'viostor', 'viosock'],
  ],
  versions: [
    ...['w11', 'w10', 'w8.1', 'w8', 'w7', 'xp'],
    ...['2k25', '2k22', '2k19', '2k16', '2k12R2', '2k12', '2k8R2', '2k8', '2k3'],
  ],
  archs: ['amd64', 'ARM64', 'x86'],
};

/** Returns the sorted names of files that distrobuilder takes from a driver's folder; undefined if the folder is missing. */
export function repackedFiles(paths: readonly string[], folder: string): string[] | undefined {
  const names = paths
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1));
  if (names.length === 0) return undefined;
  return names.filter((name) => /^[^/]+\.(?:inf|cat|dll|exe|sys)$/i.test(name)).sort();
}

/** Reads an INF like distrobuilder: bytes, line by line, with keys at the start of the line; throws where distrobuilder fails. */
export function readRepackedInf(bytes: Uint8Array): { classGuid: string; driverVer: string } {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  const start = lines.findIndex((line) => /^\[Version\] *$/i.test(line));
  if (start === -1) throw new Error('no line [Version]');
  const classGuid = firstValue('ClassGuid', lines.slice(start + 1));
  const driverVer = firstValue('DriverVer', lines.slice(start + 1));
  if (/^\d+\/\d+\/\d{4},\d+\.\d+\.\d+\.\d+$/.test(driverVer)) return { classGuid, driverVer };
  throw new Error(`DriverVer is "${driverVer}", expected M/D/YYYY,a.b.c.d`);
}

function firstValue(key: string, lines: readonly string[]): string {
  const pattern = new RegExp(`^${key} *= *(.+)$`, 'i');
  for (const line of lines) {
    const value = pattern.exec(line)?.[1]?.trim();
    if (value) return value;
  }
  throw new Error(`no line ${key} = ... after [Version]`);
}
