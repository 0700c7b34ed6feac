// Prints `N passed, N failed, N skipped` from vitest's JSON results; a test file that fails to load counts as one failure.
import { readFile } from 'node:fs/promises';

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  await readFile(process.argv[2], 'utf8'),
);
const unloaded = testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
console.log(
  `${numPassedTests} passed, ${numFailedTests + unloaded} failed, ${numPendingTests + numTodoTests} skipped`,
);
