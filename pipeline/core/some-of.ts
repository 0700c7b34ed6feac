const maxNames = 5;

/** Names for a message, each once: at most five of them, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const once = [...new Set(names)];
  const rest = once.length - maxNames;
  return once.slice(0, maxNames).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
