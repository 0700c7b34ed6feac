import { describe, expect, it } from 'vitest';
import { infEntries, infSection, infValue, parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { crlf } from '../bytes.ts';

const parse = (text: string) => parseInf(crlf(text));

/** The entries of [S] as `key=[values]` or `[values]`. */
function entries(text: string): string[] {
  const shown = infEntries(parse(`[S]\n${text}\n`), 's');
  return shown.map(({ key, values }) => (key === undefined ? '' : `${key}=`) + JSON.stringify(values));
}

describe('sections', () => {
  it('are found without regard to case, blanks and what follows the bracket', () => {
    const inf = parse('[ version ] trailing text\nClass = Net\n');
    expect(infValue(inf, 'VERSION', 'class')).toEqual({ value: 'Net', line: 2 });
    expect(infSection(inf, 'Version')?.name).toBe('version');
  });

  it('of the same name are one, with the lines of every header', () => {
    const inf = parse('[SourceDisksFiles]\na.sys = 1\n[Other]\nx\n[SOURCEDISKSFILES]\nb.dll = 1\n');
    expect(infSection(inf, 'SourceDisksFiles')).toMatchObject({ name: 'SourceDisksFiles', lines: [1, 5] });
    expect(infEntries(inf, 'SourceDisksFiles').map(({ key, line }) => [key, line])).toEqual([
      ['a.sys', 2],
      ['b.dll', 6],
    ]);
  });

  it('keep file order', () => {
    expect([...parse('[B]\n[a]\n[C]\n').sections.keys()]).toEqual(['b', 'a', 'c']);
  });

  it('that are absent have no entries', () => {
    const inf = parse('[A]\n');
    expect(infSection(inf, 'B')).toBeUndefined();
    expect(infEntries(inf, 'B')).toEqual([]);
    expect(infValue(inf, 'B', 'c')).toBeUndefined();
  });

  it.each([
    ['', 'no [section] in the file', undefined],
    ['; only a comment\n', 'no [section] in the file', undefined],
    ['\nClass = Net\n[Version]\n', 'text before the first [section]', 2],
    ['[Version\n', 'section header without ]', 1],
    ['[A]\n[  ]\n', 'section without a name', 2],
    [`[${'x'.repeat(256)}]\n`, 'section name over 255 characters', 1],
    [`[A]\n${'x'.repeat(4097)}\n`, 'a field has 4097 characters; the limit is 4096', 2],
    [`[A]\n%b%%b%\n[Strings]\nb = ${'x'.repeat(4000)}`, 'a field has 8000 characters; the limit is 4096', 2],
  ])('%j is refused', (text, message, line) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ name: 'FormatError', message, ...(line && { line }) }),
    );
  });
});

describe('text before the first section', () => {
  it('is passed over where the file has [Strings], and its first line is told', () => {
    const inf = parse('; a\n/*++\nx = \\\ny\n--*/\n[Version]\nClass = %c%\n[strings]\nC = Net\n');
    expect(infValue(inf, 'Version', 'Class')).toEqual({ value: 'Net', line: 7 });
    expect(inf.problems).toEqual([{ kind: 'text-before-section', line: 2, text: '/*++' }]);
    expect([...inf.sections.keys()]).toEqual(['version', 'strings']);
  });

  it('is no section of its own for localised strings', () => {
    expect(() => parse('x\n[Strings.0409]\na = b\n')).toThrow('text before the first [section]');
  });
});

describe('entries', () => {
  it.each([
    ['Class=System', 'Class=["System"]'],
    ['  Class  =  System  ', 'Class=["System"]'],
    ['*IfType = 6', '*IfType=["6"]'],
    ['viostor.sys', '["viostor.sys"]'],
    ['HKR, Ndi\\params\\*Speed, default, 0x1, 6', '["HKR","Ndi\\\\params\\\\*Speed","default","0x1","6"]'],
    ['HKR,,Text,,a=b', '["HKR","","Text","","a=b"]'],
    ['1 = "Disk",,,""', '1=["Disk","","",""]'],
    ['a = b=c', 'a=["b=c"]'],
    ['AddService = ,2', 'AddService=["","2"]'],
    ['CopyFiles =', 'CopyFiles=[]'],
    ['"a=b" = c', 'a=b=["c"]'],
    ['x = ""', 'x=[""]'],
    ['"only a value"', '["only a value"]'],
  ])('%s', (text, expected) => {
    expect(entries(text)).toEqual([expected]);
  });

  it('of the same key are all kept in order, and the first is the value', () => {
    const inf = parse('[S]\nCopyFiles = A\nCopyFiles = B, C\n');
    expect(infEntries(inf, 'S', 'copyfiles').map(({ values }) => values)).toEqual([['A'], ['B', 'C']]);
    expect(infValue(inf, 'S', 'CopyFiles')).toEqual({ value: 'A', line: 2 });
  });
});

describe('comments', () => {
  it.each([
    ['a = b ; comment', 'a=["b"]'],
    ['Tx = "Tx Enabled";', 'Tx=["Tx Enabled"]'],
    ['a = "b;c", d;e', 'a=["b;c","d"]'],
    ['a = %x;y%, b', 'a=["%x;y%","b"]'],
    ['a = 100 % ; of 50% there', 'a=["100 %"]'],
  ])('%s', (text, expected) => {
    expect(entries(text)).toEqual([expected]);
  });

  it('on lines of their own are nothing', () => {
    expect(entries('; a = b\n   ; c\n\n')).toEqual([]);
  });
});

describe('quotes', () => {
  it.each([
    ['a = "b,c;d=e  ", f', 'a=["b,c;d=e  ","f"]'],
    ['a = "say ""hi"" now"', 'a=["say \\"hi\\" now"]'],
    ['a = """"', 'a=["\\""]'],
    ['a = x" y "z', 'a=["x y z"]'],
    ['a = "C:\\dir\\"', 'a=["C:\\\\dir\\\\"]'],
  ])('%s', (text, expected) => {
    expect(entries(text)).toEqual([expected]);
  });

  it('left open end with the line, and are reported', () => {
    const inf = parse('[S]\na = "b, c\nd = e\n');
    expect(infEntries(inf, 'S').map(({ values }) => values)).toEqual([['b, c'], ['e']]);
    expect(inf.problems).toEqual([{ kind: 'open-quote', line: 2, text: 'a = "b, c' }]);
  });
});

describe('continuation', () => {
  it.each([
    ['a = b, \\\n  c', 'a=["b","c"]'],
    ['a = b, \\ ; comment\n  c \\\n  , d', 'a=["b","c","d"]'],
    ['a = b\\\nc', 'a=["bc"]'],
    ['a = \\\n "x,y"', 'a=["x,y"]'],
  ])('%j', (text, expected) => {
    const inf = parse(`[S]\n${text}\nlast = 1\n`);
    expect(entries(text)).toEqual([expected]);
    expect(infEntries(inf, 'S')).toHaveLength(2);
    expect(inf.problems).toEqual([]);
  });

  it.each([
    ['a comment', ';'],
    ['a blank line', ''],
  ])('into %s dangles: the entry ends with an empty value', (_, next) => {
    const inf = parse(`[S]\nHKR,,Co,0x00010000, \\\n${next}\n[T]\nb = c\n`);
    expect(infEntries(inf, 'S').map(({ values }) => values)).toEqual([['HKR', '', 'Co', '0x00010000', '']]);
    expect(infValue(inf, 'T', 'b')).toEqual({ value: 'c', line: 5 });
    expect(inf.problems).toEqual([{ kind: 'dangling-continuation', line: 2, text: 'HKR,,Co,0x00010000,' }]);
  });

  it('does not swallow a section header nor the end of the file', () => {
    const inf = parse('[S]\na = b, \\\n[T]\nc = d, \\');
    expect(infEntries(inf, 'S').map(({ values }) => values)).toEqual([['b', '']]);
    expect(infEntries(inf, 'T').map(({ values }) => values)).toEqual([['d', '']]);
    expect(inf.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ['dangling-continuation', 2],
      ['dangling-continuation', 4],
    ]);
  });

  it('counts lines: an entry has the line that it begins on', () => {
    const inf = parse('[S]\na = 1, \\\n 2\n\nb = 3\n');
    expect(infEntries(inf, 'S').map(({ line }) => line)).toEqual([2, 5]);
  });
});

describe('strings', () => {
  const strings = '[Strings]\nVendor = "Red Hat, Inc."\nBOOT = 0\nq = "say ""x"""\npercent = "50%% off"\n';
  const value = (text: string) => infValue(parse(`[S]\nk = ${text}\n${strings}`), 'S', 'k')?.value;

  it.each([
    ['%vendor%', 'Red Hat, Inc.'],
    ['"%VENDOR%, again"', 'Red Hat, Inc., again'],
    ['%Boot%', '0'],
    ['%q%', 'say "x"'],
    ['100%%', '100%'],
    ['%12%\\drivers', '%12%\\drivers'],
    ['%-1%\\x', '%-1%\\x'],
    ['%%Vendor%%', '%Vendor%'],
    ['5 % of 6 %', '5 % of 6 %'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('are replaced in keys, with what was written kept as raw', () => {
    const [entry] = infEntries(parse(`[S]\n%Vendor% %BOOT% = Models, NTx86\n${strings}`), 'S');
    expect(entry).toMatchObject({ key: 'Red Hat, Inc. 0', raw: { key: '%Vendor% %BOOT%' } });
  });

  it('that are undefined stay, and are reported', () => {
    const inf = parse('[S]\nk = "%Nobody%"\n[Strings]\nx = "%y%"\n');
    expect(infValue(inf, 'S', 'k')?.value).toBe('%Nobody%');
    expect(inf.problems).toEqual([{ kind: 'undefined-string', line: 2, text: 'Nobody' }]);
  });

  it('come from [Strings] first, then from the sections of languages', () => {
    const inf = parse(
      '[S]\nk = %a%, %b%\n[Strings.0407]\na = Deutsch\nb = nur deutsch\n[Strings]\na = English\n',
    );
    expect(infEntries(inf, 'S')[0]?.values).toEqual(['English', 'nur deutsch']);
    expect(inf.strings.get('a')).toEqual({ value: 'English', line: 7 });
  });
});

describe('facts of the file', () => {
  it('are kept for rules', () => {
    const inf = parseInf(Buffer.from('[S]\r\na\nb\n'));
    expect(inf).toMatchObject({
      encoding: 'ascii',
      bom: false,
      lineEnds: { crlf: 1, lf: 2, cr: 0 },
      problems: [],
    });
  });
});
