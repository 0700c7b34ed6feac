// Writes pipeline/formats/signature/listed-roots.ts: the root authorities that Microsoft's list trusts for code or timestamps, with their keys.
// usage: node scripts/write-public-roots.mjs authroot.stl CERTIFICATES.pem...
//   authroot.stl is in Microsoft's authrootstl.cab; the PEM files hold the certificates of the list and may hold others.
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { children, octetsOf, oidOf, parseDer, timeOf } from '../build/formats/signature/der.js';

/** The property of a root that holds its key usages (wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID); without it, a root serves all. */
const usagesProperty = '1.3.6.1.4.1.311.10.11.9';
const wantedUsages = ['1.3.6.1.5.5.7.3.3', '1.3.6.1.5.5.7.3.8']; // code signing, time stamping

const [listFile, ...pemFiles] = process.argv.slice(2);
const { date, roots } = readList(await readFile(listFile));
const wanted = roots.filter(({ usages }) => usages?.some((usage) => wantedUsages.includes(usage)) ?? true);
const certificates = new Map();
for (const file of pemFiles)
  for (const [pem] of (await readFile(file, 'utf8')).matchAll(/-----BEGIN .*?-----END CERTIFICATE-----/gs)) {
    const certificate = new X509Certificate(pem);
    certificates.set(certificate.fingerprint.replaceAll(':', ''), certificate);
  }

const lines = wanted.map(({ sha1 }) => {
  const certificate = certificates.get(sha1);
  if (certificate === undefined) throw new Error(`no PEM file has the certificate ${sha1}`);
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return `${sha1} ${key} ${certificate.subject.split('\n').join(', ')}`;
});
const text = `// Written by scripts/write-public-roots.mjs from Microsoft's list of root authorities of ${date}.
/** One root in a line: SHA-1 of its certificate, its key (SubjectPublicKeyInfo, DER, in base64), its subject. */
export const listedRoots = String.raw\`${lines.sort().join('\n')}\`;
`;
await writeFile(new URL('../pipeline/formats/signature/listed-roots.ts', import.meta.url), text);

/** Reads a certificate trust list ([MS-CAESO], "Certificate Trust List"): its date, and the thumbprint and usages of each root. */
function readList(bytes) {
  const [, signed] = children(parseDer(bytes, listFile), listFile);
  const [, , encapsulated] = children(children(signed, listFile)[0], 'signed data');
  const [, content] = children(encapsulated, 'signed content');
  const [, , date, , roots] = children(children(content, 'list')[0], 'list');
  return {
    date: timeOf(date, 'date').slice(0, 10),
    roots: children(roots, 'roots').map(readRoot),
  };
}

function readRoot(root) {
  const [thumbprint, properties] = children(root, 'root');
  const usages = children(properties, 'properties')
    .map((property) => children(property, 'property'))
    .find(([id]) => oidOf(id, 'property') === usagesProperty);
  return {
    sha1: Buffer.from(octetsOf(thumbprint, 'thumbprint')).toString('hex').toUpperCase(),
    usages: usages && readUsages(children(usages[1], 'usages')[0]),
  };
}

function readUsages(value) {
  return children(parseDer(octetsOf(value, 'usages'), 'usages'), 'usages').map((usage) =>
    oidOf(usage, 'usage'),
  );
}
