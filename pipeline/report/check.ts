import type { AcceptedFinding } from '../types.ts';

/** How `pvdisc check` prints findings, one function per format. */
export const checkReports = { text, json, github } as const;

export type CheckFormat = keyof typeof checkReports;

function text(findings: readonly AcceptedFinding[]): string {
  const lines = findings.map((finding) => {
    const { rule, severity, message, hint, accepted } = finding;
    const state = accepted === undefined ? severity : `accepted (${accepted})`;
    return `${place(finding)}: ${state}: ${message} [${rule}]${hint === undefined ? '' : `\n  hint: ${hint}`}\n`;
  });
  const count = (kind: string) =>
    findings.filter(({ severity, accepted }) => (accepted ? 'accepted' : severity) === kind).length;
  return `${lines.join('')}${count('error')} errors, ${count('warning')} warnings, ${count('accepted')} accepted\n`;
}

function json(findings: readonly AcceptedFinding[]): string {
  return `${JSON.stringify({ findings }, null, 2)}\n`;
}

/** Workflow commands of GitHub Actions; a path on the disc is no file of the repository, so it stands in the title. */
function github(findings: readonly AcceptedFinding[]): string {
  return findings
    .map((finding) => {
      const { rule, severity, message, accepted } = finding;
      const command = accepted === undefined ? severity : 'notice';
      return `::${command} title=${escapeProperty(`${rule}: ${place(finding)}`)}::${escapeData(message)}\n`;
    })
    .join('');
}

function place({ path, line }: AcceptedFinding): string {
  return line === undefined ? path : `${path}:${line}`;
}

function escapeData(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
