// Writes docs/rules.md, the reference of all rules, from the compiled program (npm run compile).
// usage: node scripts/write-rules-doc.mjs [FILE]
import { writeFile } from 'node:fs/promises';
import { infVerifCodes, infVerifModes, levelOf } from '../build/validate/infverif/codes.js';
import { rules } from '../build/validate/rules/index.js';

const head = `# Rules

What \`pvdisc check\`, \`pvdisc build\` and \`pvdisc inspect\` look for in drivers. Each section says what is wrong, what happens on Windows
and what to do; \`pvdisc check --explain RULE\` prints the same text.

| severity | effect                                                                          |
| -------- | ------------------------------------------------------------------------------- |
| error    | stops a build, unless the release accepts the finding with a reason (\`accept:\`) |
| warning  | is reported                                                                     |
| info     | is reported with \`--verbose\`, and in JSON and SARIF                             |

A rule that needs a release does not run in \`pvdisc inspect\`.`;

const rows = rules.map(({ id, severity, scope }) => [linkTo(id), severity, scope === 'release' ? 'yes' : '']);
const areas = [...new Set(rules.map(({ id }) => areaOf(id)))];
const sections = areas.flatMap((area) => [
  `## ${area}`,
  ...rules.filter(({ id }) => areaOf(id) === area).flatMap(section),
]);
const modes = Object.keys(infVerifModes);
const infVerif = [
  '## Numbers of InfVerif',
  `\`pvdisc check --infverif=h\` and \`pvdisc inspect --infverif=h\` show the findings with the numbers of Microsoft's InfVerif, for its mode
${modes.map((mode) => `\`${mode}\` (${infVerifModes[mode]})`).join(', ')}. A number without a rule is not checked. The numbers are those that Microsoft documents; its
requirements for a signature change with each build of InfVerif, and only InfVerif itself decides.`,
  table([
    ['number', 'stands for', ...modes, 'rules'],
    ...infVerifCodes.map(({ code, title, rules: found }) => [
      String(code),
      asMarkdown(title),
      ...modes.map((mode) => levelOf(code, mode)),
      found
        .map((id) => (rules.some((rule) => rule.id === id) ? linkTo(id) : '`--infverif` alone'))
        .join(', '),
    ]),
  ]),
];
const note = '<!-- Written by scripts/write-rules-doc.mjs from pipeline/validate/rules/. -->';
const index = table([['rule', 'severity', 'needs a release'], ...rows]);
await writeFile(
  process.argv[2] ?? new URL('../docs/rules.md', import.meta.url),
  `${[note, head, index, ...sections, ...infVerif].join('\n\n')}\n`,
);

function areaOf(id) {
  return id.split('/')[0];
}

function linkTo(id) {
  return `[${id}](#${id.replace('/', '')})`;
}

function section({ id, severity, explain }) {
  return [`### ${id}`, `Severity: ${severity}`, ...explain.split('\n').map(asMarkdown)];
}

/** Links the rules that a text names, and marks as code what Markdown would take for markup: `[Version]`, a quoted `$Windows NT$`. */
function asMarkdown(text) {
  const markup = /[$<*[%_@]/;
  return text.replace(/"([^"]*)"|([^\s"(),;]*[^\s"(),;.:])/g, (match, quoted, word) => {
    if (rules.some(({ id }) => id === word)) return linkTo(word);
    if (!markup.test(match)) return match;
    return quoted === undefined ? `\`${word}\`` : `"\`${quoted}\`"`;
  });
}

function table(cells) {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [header, ...body] = cells;
  return [
    line(header),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body.map(line),
  ].join('\n');
}
