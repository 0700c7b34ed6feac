/** A path that must not get through in any kind of source, and what the error says of it. */
export interface HostileName {
  readonly name: string;
  readonly path: string;
  readonly says: RegExp;
}

const device = /is the name of a device on Windows/;
const control = /its name holds a control or formatting character/;
const forbidden = /its name holds one of < > : " \| \? \*, which Windows does not allow/;
const blank = /a name in its path begins with a space, or ends with a space or dot/;
const out = /leads out of its folder with \.\./;

/** Paths that lead out, mean a device, or that Windows reads otherwise than they are written. */
export const hostileNames: readonly HostileName[] = [
  { name: 'leads out', path: '../evil.sys', says: out },
  { name: 'leads out from below', path: 'a/b/../../../evil.sys', says: out },
  { name: 'leads out at its end', path: 'a/..', says: out },
  { name: 'is absolute', path: '/tmp/evil.sys', says: /absolute path/ },
  { name: 'has a drive', path: 'C:/evil.sys', says: /absolute path/ },
  { name: 'has a drive but no slash', path: 'C:evil.sys', says: /absolute path/ },
  { name: 'has backslashes', path: '..\\evil.sys', says: /backslash/ },
  { name: 'is a share', path: '\\\\server\\share\\x', says: /backslash/ },
  { name: 'is an NTFS stream', path: 'a.sys:evil', says: forbidden },
  { name: 'is the data stream', path: 'a.sys::$DATA', says: forbidden },
  { name: 'is CON', path: 'CON', says: device },
  { name: 'is aux.sys', path: 'd/aux.sys', says: device },
  { name: 'is COM1 with two endings', path: 'com1.tar.gz', says: device },
  { name: 'is LPT¹', path: 'lpt¹', says: device },
  { name: 'is a folder called NUL', path: 'NUL/a.sys', says: device },
  { name: 'is the console', path: 'CONIN$', says: device },
  { name: 'is PRN and a blank', path: 'prn .txt', says: device },
  { name: 'ends in a dot', path: 'evil.sys.', says: blank },
  { name: 'ends in a blank', path: 'evil.sys ', says: blank },
  { name: 'has a folder that ends in dots', path: 'a.../b', says: blank },
  { name: 'begins with a blank', path: ' evil.sys', says: blank },
  { name: 'holds a line end', path: 'evil\nrm.sys', says: control },
  { name: 'holds an escape', path: 'evil\u001b[2J.sys', says: control },
  { name: 'holds a bell', path: 'a\u0007b', says: control },
  { name: 'reads backwards', path: 'evil\u202esys.txt', says: control },
  { name: 'holds nothing', path: 'evil\u200b.sys', says: control },
  { name: 'holds a line separator', path: 'evil\u2028.sys', says: control },
  { name: 'holds a question mark', path: 'evil?.sys', says: forbidden },
  { name: 'holds a pipe', path: 'evil|x.sys', says: forbidden },
  { name: 'has an empty name', path: 'a//b', says: /empty name between slashes/ },
  { name: 'has a dot', path: 'a/./b', says: /has a \. in its path/ },
  { name: 'is deep', path: `${'d/'.repeat(40)}x`, says: /deeper than 32 folders[\s\S]*raise "depth"/ },
  {
    name: 'is long',
    path: Array.from({ length: 6 }, () => 'n'.repeat(250)).join('/'),
    says: /longer than 1024 bytes[\s\S]*raise "pathLength"/,
  },
  { name: 'has a long name', path: `${'n'.repeat(300)}.sys`, says: /name longer than 255 bytes/ },
];

/** Two paths that one system or another takes for one. */
export interface HostileTwins {
  readonly name: string;
  readonly paths: readonly [string, string];
  readonly says: RegExp;
}

const sameCase = /are one (?:file|folder) to Windows, which ignores case/;
const clash = /is both a file and a folder \(case ignored\)/;

/** Paths that collide by case, by how letters are composed, or as file and folder. */
export const hostileTwins: readonly HostileTwins[] = [
  { name: 'are the same', paths: ['a.sys', 'a.sys'], says: /occurs twice/ },
  { name: 'differ in case', paths: ['a.sys', 'A.SYS'], says: sameCase },
  { name: 'differ in the case of a folder', paths: ['dir/a.sys', 'DIR/b.sys'], says: sameCase },
  { name: 'differ in the case of ä', paths: ['ä.sys', 'Ä.sys'], says: sameCase },
  { name: 'differ in final sigma', paths: ['ας.sys', 'ασ.sys'], says: sameCase },
  { name: 'differ in iota subscript', paths: ['\u1f80.sys', '\u1f88.sys'], says: sameCase },
  { name: 'differ in long s', paths: ['ſ.sys', 's.sys'], says: sameCase },
  { name: 'differ in dotless i', paths: ['ı.inf', 'i.inf'], says: sameCase },
  { name: 'differ in composition', paths: ['é.sys', 'e\u0301.sys'], says: /systems that compose letters/ },
  { name: 'differ in the sign for kelvin', paths: ['\u212a.sys', 'k.sys'], says: sameCase },
  { name: 'are a file and a folder', paths: ['a', 'a/b.sys'], says: clash },
  { name: 'are a file and a folder in another case', paths: ['x/A', 'x/a/b.sys'], says: clash },
];
