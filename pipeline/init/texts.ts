import { Document, stringify } from 'yaml';
import {
  type Answers,
  type BuildSource,
  type Draft,
  driverFile,
  driversFolder,
  sourceId,
  unstatedLicense,
} from './draft.ts';
import type { NewDriver } from './recognise.ts';

/** CI systems that a release gets files for. */
export const ciSystems = ['github', 'gitlab'] as const;
export type CiSystem = (typeof ciSystems)[number];

/** A file to write, by its path in the folder of the release. */
export type NewFile = readonly [path: string, text: string];

/** What the texts depend on. */
export interface TextInput {
  readonly draft: Draft;
  readonly source: BuildSource;
  readonly answers: Answers;
  readonly newDrivers: readonly NewDriver[];
  readonly ci: readonly CiSystem[];
  /** Version of pvdisc that CI installs. */
  readonly pvdisc: string;
}

/** Returns the files of a new release. */
export function releaseFiles(input: TextInput): NewFile[] {
  return [
    ['release.yaml', releaseText(input.draft)],
    ...input.newDrivers.map(
      (driver): NewFile => [`${driversFolder}/${driver.name}.yaml`, stringify(driverFile(driver), options)],
    ),
    ...(input.newDrivers.length === 0 ? [] : [unstatedText]),
    ...input.ci.map((system) => ciText[system](input)),
    ['.gitignore', `${outputOf(input)}/\n${publicFolder}/\n*.key\n`],
    ['README.md', readme(input)],
  ];
}

const options = { lineWidth: 0 } as const;

/** Folder of the release that CI publishes; GitLab Pages takes no other name. */
export const publicFolder = 'public';

/** Returns the folder of the release that builds are written to, which git ignores: never one that the drivers are in. */
export function outputOf({ source }: Pick<TextInput, 'source'>): string {
  return source.path.split('/')[0] === 'dist' ? 'out' : 'dist';
}

/** Tells whether the drivers are outside of the folder of the release, and so not in its repository. */
export function isOutside({ path }: BuildSource): boolean {
  return path.startsWith('..');
}

const unstatedText: NewFile = [
  `${driversFolder}/licenses/${unstatedLicense}.txt`,
  `Nothing states the licence of these drivers. Put its text here, or name another one in ${driversFolder}/*.yaml.\n`,
];

const comments: Readonly<Record<string, string>> = {
  folders:
    ' Folders whose paths do not tell pvdisc their Windows; the targets are those that the INFs install on without errors.',
  prefer: ' Several folders hold a driver for one Windows: the first is on the disc.',
  ignored:
    ' Files of the build that are not on the disc; a file that is neither here nor of a driver stops a build.',
  repair: ' INFs whose line endings were changed after their catalogs were made.',
  unsigned:
    ' Accepts that the drivers have no signature, which 64-bit Windows never loads. "sign" instead of it signs them\n while the release is built; with a key of your own they load in test-signing mode (docs/signing.md).',
};

function releaseText(draft: Draft): string {
  const document = new Document(draft);
  document.commentBefore =
    ' The keys: pvdisc schema release. A new version changes "version" and adds an entry to "changelog".';
  for (const [key, comment] of Object.entries(comments)) {
    const pair = (
      document.contents as unknown as { items: { key: { value: string; commentBefore?: string } }[] }
    ).items.find((item) => item.key.value === key);
    if (pair !== undefined) pair.key.commentBefore = comment;
  }
  return document.toString(options);
}

function readme(input: TextInput): string {
  const { answers, source, pvdisc } = input;
  const output = outputOf(input);
  const out = output === 'dist' ? '' : ` --out ${output}`;
  const elsewhere = isOutside(source)
    ? `The drivers are outside this folder: where they are elsewhere, add \`--use ${sourceId}=PATH\`, which CI does with \`DRIVERS\`.\n`
    : '';
  return `# ${answers.name}

${answers.title}.
\`npx pvdisc@${pvdisc} build release.yaml${out}\` writes the disc and its packages to \`${output}/\`.
${elsewhere}For a new version, change \`version\` in \`release.yaml\` and add an entry to \`changelog\`.
`;
}

const elsewhere =
  '# The drivers are outside this repository: add a step that gets them, and say here where it puts them.';

/** Returns what CI adds to a command that reads the drivers. */
function useOf({ source }: TextInput): string {
  return isOutside(source) ? ` --use "${sourceId}=$DRIVERS"` : '';
}

const ciText: Readonly<Record<CiSystem, (input: TextInput) => NewFile>> = {
  github: (input) => [
    '.github/workflows/release.yml',
    `# Checks and builds release.yaml. On the default branch, publishes an apt repository as an artifact if the secret SIGNING_KEY is set
# (gpg --armor --export-secret-keys, without a passphrase).
name: release

on: [push, pull_request, workflow_dispatch]

permissions:
  contents: read

jobs:
  build:
    runs-on: ubuntu-24.04
${isOutside(input.source) ? `    env:\n      ${elsewhere}\n      DRIVERS: drivers-build\n` : ''}    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - run: npm install --global pvdisc@${input.pvdisc}
      - run: sudo apt-get update && sudo apt-get install --yes --no-install-recommends $(pvdisc tools --missing)
      - run: pvdisc check release.yaml --format github${useOf(input)}
      - run: pvdisc build release.yaml --out ${outputOf(input)}${useOf(input)}
      - name: Publish
        if: github.event_name != 'pull_request' && github.ref_name == github.event.repository.default_branch
        env:
          SIGNING_KEY: \${{ secrets.SIGNING_KEY }}
        run: |
          [ -n "$SIGNING_KEY" ] || exit 0
          export GNUPGHOME="$RUNNER_TEMP/gnupg"
          install --directory --mode=700 "$GNUPGHOME"
          printf '%s\\n' "$SIGNING_KEY" | gpg --batch --quiet --import
          key=$(gpg --list-secret-keys --with-colons | awk -F: '$1 == "fpr" { print $10; exit }')
          pvdisc publish --apt public --key "$key" ${outputOf(input)}/*/
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: release
          path: |
            ${outputOf(input)}/
            public/
          if-no-files-found: error
`,
  ],
  gitlab: (input) => [
    '.gitlab-ci.yml',
    `# Checks and builds release.yaml. On the default branch, publishes an apt repository on GitLab Pages if the variable SIGNING_KEY
# (type File, protected) holds a secret key (gpg --armor --export-secret-keys, without a passphrase).
stages: [build, publish]

variables:
  GIT_DEPTH: 0
${isOutside(input.source) ? `  ${elsewhere}\n  DRIVERS: drivers-build\n` : ''}
default:
  image: docker.io/library/node:22-bookworm
  before_script:
    - npm install --global pvdisc@${input.pvdisc}
    - apt-get update && apt-get install --yes --no-install-recommends $(pvdisc tools --missing)

build:
  stage: build
  script:
    - pvdisc check release.yaml${useOf(input)}
    - pvdisc build release.yaml --out ${outputOf(input)}${useOf(input)}
  artifacts:
    paths: [${outputOf(input)}/]

pages:
  stage: publish
  rules:
    - if: $SIGNING_KEY && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - export GNUPGHOME=$(mktemp --directory)
    - gpg --batch --quiet --import "$SIGNING_KEY"
    - key=$(gpg --list-secret-keys --with-colons | awk -F':' '$1 == "fpr" { print $10; exit }')
    - pvdisc publish --apt public --key "$key" ${outputOf(input)}/*/
  artifacts:
    paths: [public/]
`,
  ],
};
