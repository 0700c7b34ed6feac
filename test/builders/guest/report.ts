/** What the guest's init.sh reports: facts by name, sha256 by path on the disc, and paths that are neither file nor folder. */
export interface GuestReport {
  readonly facts: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

/** Parses the lines of init.sh's report. */
export function parseReport(text: string): GuestReport {
  const facts = [...text.matchAll(/^FACT ([^:]+): (.*)$/gm)];
  const files = [...text.matchAll(/^FILE ([0-9a-f]{64}) {2}\.\/(.*)$/gm)];
  const others = [...text.matchAll(/^OTHER \.\/(.*)$/gm)];
  return {
    facts: Object.fromEntries(facts.map(([, name = '', value = '']) => [name, value])),
    files: Object.fromEntries(files.map(([, sha256 = '', path = '']) => [path, sha256])),
    others: others.map(([, path = '']) => path),
  };
}
