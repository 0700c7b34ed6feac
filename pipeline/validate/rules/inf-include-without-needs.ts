import { defineRule } from '../define.ts';

export const infIncludeWithoutNeeds = defineRule({
  id: 'inf/include-without-needs',
  severity: 'warning',
  scope: 'package',
  explain: `A section includes another INF, but has no Needs directive that names the sections to process.
Include alone has no effect, so the steps of the other INF do not run.
Name the section to process in Needs, or remove Include.`,
  check: ({ inf, parsed }) =>
    [...parsed.sections.values()]
      .filter(({ byKey }) => !byKey.has('needs'))
      .flatMap(({ byKey }) => byKey.get('include') ?? [])
      .map(({ values, line }) => ({
        path: inf,
        line,
        message: `includes ${values.join(', ')}, but has no Needs`,
        hint: 'name the section to process in Needs, or remove Include',
      })),
});
