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

/**
 * Returns whether a text between percent signs, of which [Strings] says nothing, stands for itself: an environment variable, or an encoded
 * backslash (`%5C`) as in the keys of Windows' security manager. The comparison ignores case.
 */
export function standsForItself(text: string): boolean {
  return variables.has(text.toLowerCase()) || /^5c/i.test(text);
}
