#!/usr/bin/env node
import { lacksFileDescriptors, openFilesHint, tooManyOpenFiles } from './open-files.ts';

// Node.js opens all modules that a file imports at once: few files may be open, but enough for a plain error.
try {
  await import('./program.ts');
} catch (error) {
  if (!lacksFileDescriptors(error)) throw error;
  process.stderr.write(`pvdisc: ${tooManyOpenFiles}\n  hint: ${openFilesHint}\n`);
  process.exitCode = 1;
}
