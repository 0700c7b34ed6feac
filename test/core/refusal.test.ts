import { expect, test } from 'vitest';
import { refusal } from '../../pipeline/core/refusal.ts';

const subject = { place: 'release.yaml:5: sources.drivers', name: 'drivers.zip' };

test('a refusal has the hint it is given, else one that suits every source', () => {
  expect(refusal(subject, 'is empty', 'fill it')).toMatchObject({
    kind: 'input',
    problems: [{ place: subject.place, message: 'drivers.zip: is empty', hint: 'fill it' }],
  });
  expect(refusal(subject, 'is empty').problems).toEqual([
    {
      place: subject.place,
      message: 'drivers.zip: is empty',
      hint: 'download it again, or ask its maker to remove this',
    },
  ]);
});
