import { Document, stringify } from 'yaml';
import { type Answers, type Draft, driverFile, driversFolder, unstatedLicense } from './draft.ts';
import type { NewDriver } from './recognise.ts';

/** CI systems that a release gets files for. */
export const ciSystems = ['github', 'gitlab'] as const;
export type CiSystem = (typeof ciSystems)[number];

/** A file to write, by its path in the folder of the release. */
export type NewFile = readonly [path: string, text: string];

/** What the texts depend on. */
export interface TextInput {
  readonly draft: Draft;
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
    ['.gitignore', 'dist/\npublic/\n*.key\n'],
    ['README.md', readme(input)],
  ];
}

const options = { lineWidth: 0 } as const;

const unstatedText: NewFile = [
  `${driversFolder}/licenses/${unstatedLicense}.txt`,
  `Nothing states the licence of these drivers. Put its text here, or name another one in ${driversFolder}/*.yaml.\n`,
];

const comments: Readonly<Record<string, string>> = {
  folders:
    ' Folders whose paths do not tell pvdisc their Windows; the targets are those that the INFs install on.',
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

function readme({ answers: { name, title }, pvdisc }: TextInput): string {
  return `# ${name}

${title}.
\`npx pvdisc@${pvdisc} build release.yaml\` writes the disc and its packages to \`dist/\`.
For a new version, change \`version\` in \`release.yaml\` and add an entry to \`changelog\`.
`;
}

const ciText: Readonly<Record<CiSystem, (input: TextInput) => NewFile>> = {
  github: ({ pvdisc }) => [
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
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - run: npm install --global pvdisc@${pvdisc}
      - run: sudo apt-get update && sudo apt-get install --yes --no-install-recommends $(pvdisc tools --missing)
      - run: pvdisc check release.yaml --format github
      - run: pvdisc build release.yaml --out dist
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
          pvdisc publish --apt public --key "$key" dist/*/
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: release
          path: |
            dist/
            public/
          if-no-files-found: error
`,
  ],
  gitlab: ({ pvdisc }) => [
    '.gitlab-ci.yml',
    `# Checks and builds release.yaml. On the default branch, publishes an apt repository on GitLab Pages if the variable SIGNING_KEY
# (type File, protected) holds a secret key (gpg --armor --export-secret-keys, without a passphrase).
stages: [build, publish]

default:
  image: docker.io/library/node:22-bookworm
  before_script:
    - npm install --global pvdisc@${pvdisc}
    - apt-get update && apt-get install --yes --no-install-recommends $(pvdisc tools --missing)

build:
  stage: build
  script:
    - pvdisc check release.yaml
    - pvdisc build release.yaml --out dist
  artifacts:
    paths: [dist/]

pages:
  stage: publish
  rules:
    - if: $SIGNING_KEY && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - export GNUPGHOME=$(mktemp --directory)
    - gpg --batch --quiet --import "$SIGNING_KEY"
    - key=$(gpg --list-secret-keys --with-colons | awk -F':' '$1 == "fpr" { print $10; exit }')
    - pvdisc publish --apt public --key "$key" dist/*/
  artifacts:
    paths: [public/]
`,
  ],
};
