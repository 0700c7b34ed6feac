/** Returns the entries of a Debian changelog (deb-changelog(5)), whose newest one has been checked, for a spec file. */
export function rpmChangelog(debian: string): string {
  const entries: string[] = [];
  let version = '';
  let changes: string[] = [];
  for (const line of debian.split('\n')) {
    const heading = /^\S+ \(([^()\s]+)\)/.exec(line)?.[1];
    const trailer = /^ -- (.+?) {2}(\w{3}), +(\d+) (\w{3}) (\d{4}) /.exec(line);
    if (heading !== undefined) version = heading;
    else if (trailer !== null) {
      const [, author, weekday, day = '', month, year] = trailer;
      const date = `${weekday} ${month} ${day.padStart(2, '0')} ${year}`;
      entries.push([`* ${date} ${author} - ${version}`, ...changes].join('\n'));
      changes = [];
    } else if (line.trim() !== '') changes.push(changeLine(line));
  }
  return entries.join('\n\n');
}

/** rpm begins an entry at each line that begins with an asterisk. */
function changeLine(line: string): string {
  const change = line.replace(/^ {2}\* /, '- ').replace(/^ {4}/, '  ');
  return /^[- ]/.test(change) ? change : `  ${change}`;
}
