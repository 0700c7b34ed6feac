import type { Log, ReportingDescriptor, Result } from 'sarif';
import { formatProblem } from '../../../core/errors.ts';
import { encodedPath } from '../../../core/paths.ts';
import { sha256Of } from '../../../formats/sums.ts';
import { findingIdentity } from '../../../model/baseline.ts';
import type { Origin } from '../../../model/driver-tree.ts';
import type { AcceptedFinding, Severity } from '../../../model/finding.ts';
import { loadSentences } from '../../../model/load-sentences.ts';
import { rules } from '../../../validate/rules/index.ts';
import { jsonText } from '../json-text.ts';
import { faultyDrivers } from './by-rule.ts';
import { type CheckedTree, type FindingsOptions, originsByPath } from './checked-tree.ts';

/**
 * Formats findings as SARIF 2.1.0 (OASIS) for code scanners: all rules with their explanations, and each finding with its path on
 * the disc as logical location and its path in the source, if any, as physical location. Problems of the release itself become
 * notifications of a failed run.
 */
export function sarif(
  { findings, problems, tree, loads, baseline }: CheckedTree,
  { version }: Pick<FindingsOptions, 'version'>,
): string {
  const origins = originsByPath(tree);
  const sources = [...new Set([...origins.values()].map(({ source }) => source))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pvdisc', version, rules: rules.map(describeRule) } },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: [
              ...problems.map((problem) => ({
                level: 'error' as const,
                message: { text: formatProblem(problem) },
              })),
              ...(loads === undefined
                ? []
                : loadSentences(loads, faultyDrivers(findings, tree.packages))
              ).map(({ tone, text }) => ({
                level: tone === 'bad' || tone === 'partly' ? ('warning' as const) : ('note' as const),
                message: { text },
              })),
            ],
          },
        ],
        originalUriBaseIds: Object.fromEntries(
          sources.map((id) => [baseId(id), { description: { text: `The source "${id}" of the release` } }]),
        ),
        results: findings.map((finding) => {
          const isNew = baseline?.isNew(finding);
          const state = isNew ? ('new' as const) : ('unchanged' as const);
          return {
            ...result(finding, origins.get(finding.path)),
            ...(isNew !== undefined && { baselineState: state }),
          };
        }),
      },
    ],
  } satisfies Log;
  return jsonText(log);
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

function describeRule({ id, severity, explain }: (typeof rules)[number]): ReportingDescriptor {
  const [first = explain] = explain.split('\n');
  return {
    id,
    shortDescription: { text: first },
    fullDescription: { text: explain },
    help: { text: explain },
    defaultConfiguration: { level: levels[severity] },
  };
}

function result(finding: AcceptedFinding, origin: Origin | undefined): Result {
  const { rule, severity, path, line, message, hint, accepted } = finding;
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: hint === undefined ? `${path}: ${message}` : `${path}: ${message}\nhint: ${hint}` },
    locations: [
      {
        logicalLocations: [{ fullyQualifiedName: path, kind: 'resource' }],
        ...(origin !== undefined && {
          physicalLocation: {
            artifactLocation: {
              uri: encodedPath(origin.path),
              uriBaseId: baseId(origin.source),
            },
            ...(line !== undefined && { region: { startLine: line } }),
          },
        }),
      },
    ],
    partialFingerprints: { 'pvdiscFinding/v1': sha256Of(findingIdentity(finding)) },
    ...(accepted !== undefined && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: accepted }],
    }),
  };
}

/** Follows the style of SARIF's own ids, such as `SRCROOT`. */
function baseId(source: string): string {
  return source.toUpperCase().replaceAll('-', '_');
}
