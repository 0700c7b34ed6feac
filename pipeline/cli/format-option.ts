/** Declares `--format` of a command with a report for people and one for programs, and the name of the latter's schema. */
export function formatOption(schema: string) {
  return {
    choices: ['text', 'json'],
    requiresArg: true,
    default: 'text',
    describe: `text for people, json for programs (pvdisc schema ${schema})`,
  } as const;
}
