import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The libraries for ASN.1 and PKCS#7. `import` would first search these large CommonJS files for names, longer than they take to load. */
export const asn1js = require('asn1js') as typeof import('asn1js');
export const pkijs = require('pkijs') as typeof import('pkijs');
