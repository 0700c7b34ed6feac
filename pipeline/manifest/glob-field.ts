import { z } from 'zod';

/** Longest glob, in UTF-16 code units; a path on the disc has 255. */
const maxGlobLength = 1000;

/** A glob as `globMatcher` reads it: `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and a backslash before any of these. */
export const globField = z
  .string()
  .min(1)
  .max(maxGlobLength)
  .regex(
    /^(?!!)(?!.*[!?*+@]\()/s,
    'must not negate ("!…") or repeat ("+(…)"): a glob has *, **, ?, [a-z], [!a-z], {a,b} and a backslash before these',
  );
