import { expect, test } from 'vitest';
import { checkReports } from '../../pipeline/report/check.ts';
import type { AcceptedFinding } from '../../pipeline/types.ts';

const findings: readonly AcceptedFinding[] = [
  {
    rule: 'inf/missing-file',
    severity: 'error',
    path: 'a/b.inf',
    line: 17,
    message: 'names "x, y"',
    hint: 'add it',
  },
  {
    rule: 'pe/wrong-machine',
    severity: 'error',
    path: 'a/b.sys',
    message: 'is for 50%\r\nx86',
    accepted: 'known',
  },
  {
    rule: 'manifest/missing-extra',
    severity: 'warning',
    path: 'a/c,d:e.exe',
    message: 'is missing',
    hint: 'get it',
  },
];

test('text is for people: place, state, fact, rule and hint, and a count', () => {
  expect(
    checkReports.text(findings.filter(({ path }) => path !== 'a/b.sys')),
  ).toBe(`a/b.inf:17: error: names "x, y" [inf/missing-file]
  hint: add it
a/c,d:e.exe: warning: is missing [manifest/missing-extra]
  hint: get it
1 errors, 1 warnings, 0 accepted
`);
  expect(checkReports.text(findings)).toContain(
    'a/b.sys: accepted (known): is for 50%\r\nx86 [pe/wrong-machine]\n',
  );
  expect(checkReports.text(findings)).toMatch(/\n1 errors, 1 warnings, 1 accepted\n$/);
  expect(checkReports.text([])).toBe('0 errors, 0 warnings, 0 accepted\n');
});

test('json is one document with every finding as it is', () => {
  expect(JSON.parse(checkReports.json(findings))).toEqual({ findings });
  expect(checkReports.json([])).toBe('{\n  "findings": []\n}\n');
});

test('github has one workflow command a finding, with the signs escaped that end a command or a property', () => {
  expect(checkReports.github(findings)).toBe(
    '::error title=inf/missing-file%3A a/b.inf%3A17::names "x, y"\n' +
      '::notice title=pe/wrong-machine%3A a/b.sys::is for 50%25%0D%0Ax86\n' +
      '::warning title=manifest/missing-extra%3A a/c%2Cd%3Ae.exe::is missing\n',
  );
  expect(checkReports.github([])).toBe('');
});
