import type { Command } from './command.ts';
import { jsonSchemas, type SchemaName } from './schemas.ts';

export const schemaCommand: Command<{ readonly name: SchemaName }> = ({ process }) => ({
  command: 'schema <name>',
  describe: 'Print the JSON Schema of an input file or of JSON output',
  builder: (parser) =>
    parser.positional('name', {
      choices: Object.keys(jsonSchemas) as SchemaName[],
      demandOption: true,
      describe:
        'driver: drivers/*.yaml; release: releases/*.yaml; targets: targets.yaml; licenses: licenses.yaml; ledger: ledger.yaml, ledger list and show --format json; record: release.json; inspection: inspect --format json; which: which --format json; findings: check --format json; baseline: check --baseline and --write-baseline; verification: verify --format json; watch: watch --format json; ledger-check: ledger check --format json; ledger-add: ledger add --format json; cache: cache list and prune --format json; signature-requests: sign-requests; signatures: sign --signatures and --record',
    }),
  handler: ({ name }) => {
    process.stdout.write(jsonSchemas[name]());
  },
});
