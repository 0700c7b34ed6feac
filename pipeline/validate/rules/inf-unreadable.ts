import { defineRule } from '../define.ts';

export const infUnreadable = defineRule({
  id: 'inf/unreadable',
  severity: 'error',
  scope: 'tree',
  explain: `An INF on an upstream disc that is passed on cannot be read, so that nothing is known of its driver.
Windows cannot read it either and does not offer the driver. In a release that is assembled such a file stops the build at once.
Tell upstream, or pass on another release.`,
  check: ({ tree }) =>
    (tree.upstream?.unreadable ?? []).map(({ place, message }) => ({
      path: place,
      message,
      hint: 'tell upstream, or pass on another release',
    })),
});
