/** Environment variables that Windows itself sets ("Recognized environment variables" of the User State Migration Tool); lower case. */
const variables: ReadonlySet<string> = new Set([
  'allusersprofile',
  'appdata',
  'commonprogramfiles',
  'commonprogramfiles(x86)',
  'localappdata',
  'programdata',
  'programfiles',
  'programfiles(x86)',
  'public',
  'systemdrive',
  'systemroot',
  'temp',
  'tmp',
  'userprofile',
  'windir',
]);

/** Returns whether Windows sets an environment variable of this name; the comparison ignores case. */
export function isEnvironmentVariable(name: string): boolean {
  return variables.has(name.toLowerCase());
}
