import { type Inf, infEntries } from './inf.ts';

/** Returns the first line that installs a co-installer, or would if the build had not emptied its lists (InfVerif 1300 and 1303). */
export function coInstallerLine(inf: Inf): number | undefined {
  const lines = [...inf.sections].flatMap(([name, section]) => [
    ...(name.endsWith('.coinstallers') ? section.lines : []),
    ...infEntries(inf, name)
      .filter(({ key, values }) => key === undefined && values[2]?.toLowerCase() === 'coinstallers32')
      .map(({ line }) => line),
  ]);
  return lines.sort((a, b) => a - b)[0];
}

/** Drivers for Windows 10 and later must have no co-installers ("Universal INF", InfVerif 1300). */
export function refusesCoInstallers(row: { readonly version: string } | undefined): boolean {
  return Number(row?.version.split('.')[0] ?? 0) >= 10;
}
