import type { Severity } from '../../model/finding.ts';

/** The modes of Microsoft's InfVerif ("Running InfVerif from the command line"). */
export const infVerifModes = {
  h: 'WHQL signature',
  w: 'Windows Driver',
  u: 'universal driver',
  k: 'declarative driver',
} as const;

export type InfVerifMode = keyof typeof infVerifModes;

/** A number of InfVerif and the rules that find what it stands for; none where pvdisc does not check it. */
export interface InfVerifCode {
  readonly code: number;
  readonly title: string;
  readonly rules: readonly string[];
}

/**
 * The numbers that Microsoft documents in "INF Validation Errors and Warnings", its announcements (1199, 1217, 1330 to 1333) and the
 * messages of InfVerif in the issues of Windows-driver-samples and windows-driver-docs (1258, 1284, 1322, 1324, 1420, 1421, 2084).
 * Microsoft has more numbers, which its page leaves out or which were added later.
 */
export const infVerifCodes: readonly InfVerifCode[] = [
  {
    code: 1001,
    title: 'no [Version] with the signature "$Windows NT$"',
    rules: ['inf/bad-signature', 'inf/chicago-signature'],
  },
  { code: 1002, title: 'parse error in a line', rules: ['inf/unreadable', 'inf/text-before-section'] },
  { code: 1003, title: 'encoding neither ANSI nor UTF-16LE', rules: ['inf/encoding'] },
  { code: 1005, title: 'directive without the name of a section', rules: [] },
  { code: 1006, title: 'required argument of a directive missing', rules: ['inf/incomplete-service'] },
  { code: 1100, title: 'name or folder changed in the driver store', rules: ['inf/driver-store-rename'] },
  {
    code: 1199,
    title: 'syntax newer than the decorations allow',
    rules: ['inf/newer-syntax', 'inf/driver-store-too-early'],
  },
  { code: 1203, title: 'section not found', rules: ['inf/missing-section', 'inf/missing-models-section'] },
  { code: 1204, title: 'Provider is Microsoft', rules: ['inf/microsoft-provider'] },
  { code: 1205, title: 'section named by two directives', rules: [] },
  { code: 1212, title: '[DefaultInstall] and [Manufacturer]', rules: ['inf/default-install-with-models'] },
  { code: 1217, title: 'version not w.x.y.z', rules: ['inf/short-driver-ver', 'inf/bad-driver-ver'] },
  { code: 1220, title: 'section of an included INF', rules: ['inf/section-of-included-inf'] },
  { code: 1221, title: 'registry key of a service outside HKR', rules: [] },
  { code: 1230, title: 'file missing in [SourceDisksFiles]', rules: ['inf/unlisted-file'] },
  { code: 1233, title: 'no CatalogFile', rules: ['catalog/not-named'] },
  {
    code: 1235,
    title: 'string not defined',
    rules: ['inf/undefined-string', 'inf/unescaped-variable', 'inf/untranslated-string'],
  },
  { code: 1258, title: 'directory number in a registry value', rules: [] },
  { code: 1284, title: 'class reserved for Microsoft', rules: ['inf/reserved-class'] },
  {
    code: 1285,
    title: '[ClassInstall32] of a class of Microsoft',
    rules: ['inf/class-install-of-microsoft-class'],
  },
  { code: 1296, title: 'device without a service', rules: ['inf/no-function-service'] },
  { code: 1297, title: 'device driver for no device', rules: [] },
  { code: 1300, title: 'legacy section (and 1303, co-installers)', rules: ['inf/refused-co-installer'] },
  { code: 1301, title: 'legacy operation (and 1302, which deletes)', rules: ['inf/legacy-directive'] },
  { code: 1304, title: 'registry root other than HKR', rules: ['inf/registry-outside-hkr'] },
  { code: 1305, title: 'list of strings appended to', rules: ['inf/appended-multi-sz'] },
  { code: 1306, title: 'file copied outside %SystemRoot%', rules: ['infverif/outside-windows'] },
  { code: 1310, title: 'Needs of another kind of section (to 1312)', rules: ['inf/needs-of-other-kind'] },
  { code: 1313, title: 'Needs without Include (and 1314)', rules: [] },
  { code: 1322, title: 'file not isolated to the driver store', rules: ['infverif/not-isolated'] },
  { code: 1324, title: 'no PnpLockdown', rules: ['inf/no-pnp-lockdown'] },
  { code: 1330, title: 'several files for one path', rules: ['inf/conflicting-copies'] },
  { code: 1331, title: 'several values of one registry value (to 1333)', rules: [] },
  { code: 1420, title: '[DefaultInstall] not primitive', rules: [] },
  { code: 1421, title: '[DefaultInstall] undecorated', rules: ['infverif/undecorated-default-install'] },
  { code: 2083, title: 'section not used', rules: ['inf/unused-section', 'inf/misspelled-section'] },
  { code: 2084, title: 'legacy pattern replaced (and 2086)', rules: [] },
  { code: 2222, title: 'legacy directive ignored', rules: [] },
  { code: 2223, title: 'no architecture in a decoration', rules: ['inf/undecorated-models'] },
];

/**
 * Returns whether a number is an error or a warning in a mode: numbers below 1300 are errors in all but
 * 1205, 1300 to 1319 in the universal and
 * stricter modes, 1320 to 1329 (isolation) in that of Windows Drivers, 1330 to 1333 also for a WHQL signature, from 2000 warnings.
 */
export function levelOf(code: number, mode: InfVerifMode): Exclude<Severity, 'info'> {
  if (code < 1300) return code === 1205 ? 'warning' : 'error';
  if (code < 1320) return mode === 'u' || mode === 'w' ? 'error' : 'warning';
  if (code === 1324) return 'warning';
  if (code < 1330) return mode === 'w' ? 'error' : 'warning';
  if (code < 1340) return mode === 'k' ? 'warning' : 'error';
  return code < 2000 && (mode === 'u' || mode === 'w') ? 'error' : 'warning';
}
