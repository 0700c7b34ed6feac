/** RPM packages (RPM V4 package format). */
export { cpioAsTar } from './cpio.ts';
export { isRpm, type RpmCompression, type RpmFacts, type RpmFile, readRpm } from './rpm.ts';
