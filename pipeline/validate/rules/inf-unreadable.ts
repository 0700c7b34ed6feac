import { defineRule } from '../define.ts';

export const infUnreadable = defineRule({
  id: 'inf/unreadable',
  severity: 'error',
  scope: 'tree',
  explain: `An INF on the upstream disc of a passthrough release cannot be parsed, so its driver is unknown.
Windows cannot parse it either and does not offer the driver. In an assembled release such a file stops the build at once.
Report it upstream, or pass on another release.`,
  check: ({ tree }) =>
    (tree.upstream?.unreadable ?? []).map(({ place, message }) => ({
      path: place,
      message,
      hint: 'report it upstream, or pass on another release',
    })),
});
