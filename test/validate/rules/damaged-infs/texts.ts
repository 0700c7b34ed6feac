import type { Change } from '../changed-inf.ts';
import { saved } from '../damage.ts';
import { type Damage, damage } from './damage.ts';

const german = '[Strings.0407]\r\nVendor = x\r\nviostor.DeviceDesc = y\r\nDiskName = z\r\n';
const bytes = (text: string) => Buffer.from(text, 'latin1');
const registry: Change = ['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files\r\nAddReg = Reg'];

/** Damages of the text, whatever it says. */
export const texts: readonly Damage[] = [
  damage('a quotation mark that is not closed', 'syntax', 'open-quote', ['test driver"', 'test driver']),
  damage('a quotation mark that is not opened', 'syntax', 'open-quote', ['"viostor test', 'viostor test']),
  damage('a quotation mark that is not closed in the Signature', 'syntax', 'open-quote', [
    '"$Windows NT$"',
    '"$Windows NT$',
  ]),
  damage('typographic quotation marks', 'syntax', 'non-ascii-text', [
    '"viostor test driver"',
    '\x93viostor test driver\x94',
  ]),
  damage(
    'a quotation mark that swallows a comma',
    'syntax',
    'incomplete-service no-function-service open-quote unused-section',
    ['viostor, 2, viostor_Service', '"viostor, 2, viostor_Service'],
  ),
  damage(
    'a quotation mark around two values',
    'syntax',
    'missing-section service-binary-not-copied unused-section',
    ['CopyFiles = viostor_Files', 'CopyFiles = "viostor_Files, x"'],
  ),
  damage('a no-break space before the name of a section', 'syntax', 'non-ascii-text', [
    'CopyFiles = viostor_Files',
    'CopyFiles =\xa0viostor_Files',
  ]),
  damage('no bracket at the end of a section name', 'syntax', /section header without \]/, [
    '[viostor_Files]',
    '[viostor_Files',
  ]),
  damage(
    'no bracket at the start of a section name',
    'syntax',
    'line-without-key missing-section service-binary-not-copied',
    ['[viostor_Files]', 'viostor_Files]'],
  ),
  damage(
    'no brackets around a section name',
    'syntax',
    'line-without-key missing-section service-binary-not-copied',
    ['[viostor_Files]', 'viostor_Files'],
  ),
  damage('an empty section name', 'syntax', /section without a name/, ['[viostor_Files]', '[]']),
  damage('text behind a section name', 'syntax', 'text-after-header', [
    '[viostor_Files]',
    '[viostor_Files] x.sys',
  ]),
  damage('two brackets at the end of a section name', 'syntax', 'text-after-header', [
    '[viostor_Files]',
    '[viostor_Files]]',
  ]),
  damage(
    'a directive on the line of the section',
    'syntax',
    'no-function-service text-after-header unused-section',
    ['.Services]\r\n', '.Services] '],
  ),
  damage('a blank in a section name', 'syntax', 'missing-section service-binary-not-copied unused-section', [
    '[viostor_Files]',
    '[viostor _Files]',
  ]),
  damage('a section that stands twice', 'syntax', 'duplicate-section', [
    '',
    '[viostor_Files]\r\nviostor.sys\r\n',
  ]),
  damage('a section that stands twice with other values', 'syntax', 'doubled-entry duplicate-section', [
    '',
    '[Version]\r\nPnpLockdown = 0\r\n',
  ]),
  damage('a service section that stands twice', 'syntax', 'doubled-entry duplicate-section', [
    '',
    '[viostor_Service]\r\nStartType = 0\r\n',
  ]),
  damage('a backslash at the end of a line', 'syntax', 'dangling-continuation', [
    '%12%\\viostor.sys',
    '%12%\\viostor.sys \\',
  ]),
  damage('a backslash that joins two lines', 'syntax', 'incomplete-service', [
    'StartType = 3',
    'StartType = 3 \\',
  ]),
  damage('a continuation without its backslash', 'syntax', 'line-without-key', [
    'PnpLockdown = 1',
    'PnpLockdown = 1\r\n,2',
  ]),
  damage('a line that is broken in two', 'syntax', 'incomplete-model', [
    '= viostor_Install, ROOT',
    '=\r\nviostor_Install, ROOT',
  ]),
  damage('a comment without a semicolon', 'syntax', 'line-without-key', [
    'StartType = 3',
    'start on demand\r\nStartType = 3',
  ]),
  damage('a C comment before the first section', 'syntax', 'text-before-section', [
    '[Version]',
    '/* by us */\r\n[Version]',
  ]),
  damage(
    'a semicolon in a text without quotation marks',
    'strings',
    { why: 'what follows is a comment, as it may be' },
    ['"viostor test driver"', 'viostor; test driver'],
  ),
  damage('a semicolon before a needed line', 'syntax', 'service-binary-not-copied unused-section', [
    'CopyFiles',
    ';CopyFiles',
  ]),
  damage('an equals sign for a comma', 'syntax', 'incomplete-service no-function-service', [
    'viostor, 2, viostor',
    'viostor = 2, viostor',
  ]),
  damage('a full stop for a comma', 'syntax', 'incomplete-model missing-section unused-section', [
    'viostor_Install, ROOT',
    'viostor_Install. ROOT',
  ]),
  damage('a missing comma', 'syntax', 'incomplete-model missing-section unused-section', [
    'viostor_Install, ROOT',
    'viostor_Install ROOT',
  ]),
  damage('a colon for an equals sign', 'syntax', 'line-without-key no-provider', ['Provider =', 'Provider:']),
  damage('a doubled equals sign', 'syntax', { why: 'the second one is text of the value' }, [
    'Provider =',
    'Provider ==',
  ]),
  damage('a token that is not defined', 'validation', 'undefined-string', [
    'DisplayName = %viostor',
    'DisplayName = %viostr',
  ]),
  damage('a token without its last percent sign', 'strings', 'undefined-string', [
    'DisplayName = %viostor.DeviceDesc%',
    'DisplayName = %viostor.DeviceDesc',
  ]),
  damage('a token without its first percent sign', 'strings', 'undefined-string', [
    'DisplayName = %viostor.DeviceDesc%',
    'DisplayName = viostor.DeviceDesc%',
  ]),
  damage('a token with doubled percent signs', 'strings', 'undefined-string', [
    'DisplayName = %viostor.DeviceDesc%',
    'DisplayName = %%viostor.DeviceDesc%%',
  ]),
  damage(
    'a string whose name is the number of a percentage',
    'strings',
    'unused-string',
    ['DisplayName = %viostor.DeviceDesc%', 'DisplayName = "100%"'],
    ['', '100 = all\r\n'],
  ),
  damage(
    'a pointer of Git LFS in place of the INF',
    'version',
    /it is a pointer of Git LFS/,
    () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
  ),
  damage('a string that was removed', 'validation', 'undefined-string', [
    'Vendor = "pvdisc project"\r\n',
    '',
  ]),
  damage('a string that was renamed', 'validation', 'undefined-string unused-string', [
    'Vendor = "',
    'Vendr = "',
  ]),
  damage('a string that stands twice', 'strings', 'doubled-entry', ['', 'Vendor = "other"\r\n']),
  damage('a string without an equals sign', 'strings', 'line-without-key undefined-string', [
    'Vendor = "',
    'Vendor "',
  ]),
  damage('[Strings] misspelled', 'strings', 'misspelled-section undefined-string', ['[Strings]', '[Sting]']),
  damage('no [Strings]', 'strings', 'undefined-string', (text) => text.slice(0, text.indexOf('[Strings]'))),
  damage('an environment variable as a token', 'validation', 'unescaped-variable', [
    'DisplayName = %viostor.DeviceDesc%',
    'DisplayName = %SystemRoot%',
  ]),
  damage('a language that lacks a token', 'strings', 'untranslated-string', [
    '',
    german.replace('DiskName = z\r\n', ''),
  ]),
  damage(
    'a token in another language only',
    'strings',
    'untranslated-string',
    ['DiskName = "Driver files"\r\n', ''],
    ['', german],
  ),
  damage('a language whose token is misspelled', 'strings', 'untranslated-string unused-string', [
    '',
    german.replace('DiskName', 'DiskNme'),
  ]),
  damage('a language that stands twice', 'strings', 'doubled-entry duplicate-section', [
    '',
    `${german}[Strings.0407]\r\nVendor = a\r\n`,
  ]),
  damage('letters of another alphabet in ANSI', 'general', 'non-ascii-text', [
    'test driver"\r\nDisk',
    'Ger\xe4t"\r\nDisk',
  ]),
  damage('UTF-8 with a byte order mark', 'validation', 'encoding', (text) => saved(bytes(text), 'utf8')),
  damage('UTF-16 without a byte order mark', 'validation', 'encoding', (text) =>
    saved(bytes(text), 'utf16le', ''),
  ),
  damage('big-endian UTF-16', 'validation', 'encoding', (text) => saved(bytes(text), 'utf16le').swap16()),
  damage('UTF-16 that lost a byte', 'validation', /./, (text) =>
    saved(bytes(text), 'utf16le').subarray(0, -1),
  ),
  damage('UTF-8 without a byte order mark', 'general', 'non-ascii-text', (text) =>
    Buffer.from(text.replace('test driver"\r\nDisk', 'Gerät"\r\nDisk'), 'utf8'),
  ),
  damage('LF line ends', 'syntax', 'lf-line-ends', (text) => text.replaceAll('\r\n', '\n')),
  damage(
    'CR line ends',
    'syntax',
    { why: 'Windows ends a line at a return or a linefeed character, so the INF is good' },
    (text) => text.replaceAll('\r\n', '\r'),
  ),
  damage(
    'mixed line ends',
    'syntax',
    { why: 'Windows ends a line at a return or a linefeed character, so the INF is good' },
    (text) => text.replace('\r\n', '\n'),
  ),
  damage('a NUL in the text', 'general', /NUL character/, ['StartType', 'Start\0Type']),
  damage('a Ctrl-Z in the middle', 'general', 'text-after-end undefined-string', [
    '[Strings]',
    '\x1a[Strings]',
  ]),
  damage('a Ctrl-Z and another INF at the end', 'general', 'text-after-end', ['', '\x1a[Version]\r\n']),
  damage('the INF twice in one file', 'syntax', 'duplicate-section', (text) => text + text),
  damage('the end of the file cut off', 'syntax', 'missing-section undefined-string', (text) =>
    text.slice(0, text.indexOf('[viostor_Service]')),
  ),
  damage('a conflict of a merge', 'syntax', 'doubled-entry line-without-key', [
    'StartType = 3',
    '<<<<<<< ours\r\nStartType = 3\r\n=======\r\nStartType = 0\r\n>>>>>>> theirs',
  ]),
  damage('a tab in a key', 'syntax', 'incomplete-service misspelled-directive', [
    'StartType = 3',
    'Start\tType = 3',
  ]),
  damage('a no-break space in a directive', 'general', 'non-ascii-text', ['CopyFiles =', 'CopyFiles\xa0=']),
  damage('a section name over 255 characters', 'syntax', /section name over 255 characters/, [
    '',
    `[${'x'.repeat(256)}]\r\n`,
  ]),
  damage('a field over 4096 characters', 'syntax', /a field has 4097 characters/, [
    'test driver"\r\nDisk',
    `${'x'.repeat(4087)}"\r\nDisk`,
  ]),
  damage('an empty file', 'version', /it is an empty file/, () => ''),
  damage(
    'a web page in place of the INF',
    'version',
    /it is a web page/,
    () => '<html>\r\n<body>[Version]</body>\r\n',
  ),
  damage('a registry list that stands twice', 'syntax', 'duplicate-section', registry, [
    '',
    '[Reg]\r\nHKR,,x,,y\r\n[Reg]\r\nHKR,,z,,y\r\n',
  ]),
];
