import { defineRule } from '../define.ts';

export const infDuplicateSection = defineRule({
  id: 'inf/duplicate-section',
  severity: 'info',
  scope: 'package',
  explain: `A section stands in the INF more than once.
Windows puts both parts together; a person who reads only one of them is misled.
Nothing has to be done; put the parts together in the next build.`,
  check: ({ inf, parsed: { sections } }) =>
    [...sections.values()]
      .filter(({ lines }) => lines.length > 1)
      .map(({ name, lines: [first, ...others] }) => ({
        path: inf,
        ...(others[0] !== undefined && { line: others[0] }),
        message: `[${name}] is here again, after line ${first}`,
        hint: 'put the parts together in the next build',
      })),
});
