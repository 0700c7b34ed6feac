import type { Severity } from '../../types.ts';
import { printable } from '../columns.ts';
import type { CheckedTree } from './index.ts';
import { placeOf } from './place.ts';

/** Returns workflow commands of GitHub Actions; a path on the disc is no file of the repository, so it stands in the title. */
export function github({ findings }: CheckedTree): string {
  return findings
    .map((finding) => {
      const { rule, severity, message, accepted } = finding;
      const command = accepted === undefined ? commands[severity] : 'notice';
      return `::${command} title=${escapeProperty(`${rule}: ${placeOf(finding)}`)}::${escapeData(message)}\n`;
    })
    .join('');
}

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

function escapeData(value: string): string {
  return printable(value).replaceAll('%', '%25');
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
