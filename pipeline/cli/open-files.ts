import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const tooManyOpenFiles = 'too many files are open';
export const openFilesHint = 'raise the limit of open files (ulimit -n)';

/** Node.js reports a missing module if it cannot open another file to read it, so this tries to open one. */
export function lacksFileDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || (code === 'ERR_MODULE_NOT_FOUND' && canOpenNoFile());
}

function canOpenNoFile(): boolean {
  try {
    closeSync(openSync(fileURLToPath(import.meta.url), 'r'));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EMFILE';
  }
}
