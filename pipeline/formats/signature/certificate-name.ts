/** Returns a name that Node states in lines as one line: `O=Example, CN=Example Root`. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
