import { expect, test } from 'vitest';
import { substituteVariables } from '../../../pipeline/package/metadata/substvars.ts';

const variables = new Map([
  ['misc:Depends', ''],
  ['pvdisc:Signatures', `costs $& and \${misc:Depends}`],
]);

test('variables are replaced, once and literally', () => {
  expect(substituteVariables(`a \${misc:Depends}, \${pvdisc:Signatures} $5 {x}`, variables, 'x')).toBe(
    `a , costs $& and \${misc:Depends} $5 {x}`,
  );
});

test.each(['shlibs:Depends', '', 'constructor'])('the variable "%s" is not known', (name) => {
  expect(() => substituteVariables(`a, \${${name}}`, variables, 'debian/control:9')).toThrow(
    `debian/control:9: unknown substitution variable \${${name}}\n  hint: known: misc:Depends, pvdisc:Signatures`,
  );
});
