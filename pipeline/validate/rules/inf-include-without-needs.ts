import { defineRule } from '../define.ts';

export const infIncludeWithoutNeeds = defineRule({
  id: 'inf/include-without-needs',
  severity: 'warning',
  scope: 'package',
  explain: `A section includes another INF, and no Needs says which of its sections to run.
Include alone does nothing, so that whatever the other INF should do for the device does not happen.
Name the section to run in Needs, or take Include out.`,
  check: ({ inf, parsed }) =>
    [...parsed.sections.values()]
      .filter(({ byKey }) => !byKey.has('needs'))
      .flatMap(({ byKey }) => byKey.get('include') ?? [])
      .map(({ values, line }) => ({
        path: inf,
        line,
        message: `includes ${values.join(', ')}, and no Needs says what to run of it`,
        hint: 'name the section to run in Needs, or take Include out',
      })),
});
