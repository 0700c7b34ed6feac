import * as z from 'zod';
import { globMatcher } from '../core/paths.ts';

/** Longest glob, in UTF-16 code units. */
const maxGlobLength = 200;

/** The longest list of globs: each is matched with every file, and real releases have three. */
export const maxGlobs = 200;

/** A glob as `globMatcher` reads it: `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and a backslash before any of these. */
export const globField = z
  .string()
  .min(1)
  .max(maxGlobLength, { abort: true })
  .regex(
    /^(?!!)(?!.*[!?*+@]\()/s,
    'must not negate ("!…") or repeat ("+(…)"): a glob has *, **, ?, [a-z], [!a-z], {a,b} and a backslash before these',
  )
  .refine(isGlob, 'must not have a range that ends before it starts, such as [z-a]');

function isGlob(pattern: string): boolean {
  try {
    globMatcher(pattern);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
