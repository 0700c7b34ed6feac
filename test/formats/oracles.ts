import { X509Certificate } from 'node:crypto';
import { execa } from 'execa';

/** What `osslsigncode verify` prints of the first signature of a file. */
export interface OracleVerdict {
  /** Upper-case hexadecimal: the digest that the signature holds, and that of the file; absent for catalogs. */
  readonly held?: string;
  readonly calculated?: string;
  readonly algorithm?: string;
  readonly subject: string;
  readonly serial: string;
  /** As it prints it: `Jul 22 02:27:21 2023 GMT`. */
  readonly timestamp?: string;
  readonly isVerified: boolean;
  /** Why a chain did not lead to an anchor. */
  readonly chainErrors: readonly string[];
}

/** Has osslsigncode read a file; `anchors` is a PEM file of certificates to trust. It is for files of tests alone. */
export async function askOsslsigncode(file: string, anchors: string): Promise<OracleVerdict> {
  const trust = [...(await crlOption()), '-CAfile', anchors, '-TSA-CAfile', anchors];
  const { stdout, stderr } = await execa('osslsigncode', ['verify', ...trust, '-in', file], {
    reject: false,
  });
  const find = (pattern: RegExp) => pattern.exec(stdout)?.[1];
  const held = find(/^Current message digest +: (\w+)/m);
  const calculated = find(/^Calculated message digest +: (\w+)/m);
  const algorithm = find(/^Message digest algorithm +: (\w+)/m);
  const timestamp = find(/^(?:\tTimestamp time|The signature is timestamped): (.+)$/m);
  return {
    ...(held !== undefined && { held }),
    ...(calculated !== undefined && { calculated }),
    ...(algorithm !== undefined && { algorithm }),
    subject: find(/Signer #0:\s+Subject: (.+)$/m) ?? '',
    serial: find(/Signer #0:\s+Subject: .+\s+Issuer : .+\s+Serial : (\w+)$/m) ?? '',
    ...(timestamp !== undefined && { timestamp }),
    isVerified: /^Signature verification: ok$/m.test(stdout),
    chainErrors: [...`${stdout}\n${stderr}`.matchAll(/(?:^\tError|Verify error): (.+)$/gm)].map(
      ([, error = '']) => error,
    ),
  };
}

/** Later versions download revocation lists unless told not to; version 2.5, of Debian 12, does not and has no such option. */
async function crlOption(): Promise<string[]> {
  const { stdout } = await execa('osslsigncode', ['verify', '--help'], { reject: false });
  return stdout.includes('-ignore-cdp') ? ['-ignore-cdp'] : [];
}

/** Has `openssl pkcs7` list the certificates of a signature. */
export async function askOpenssl(der: Uint8Array): Promise<X509Certificate[]> {
  const { stdout } = await execa('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], { input: der });
  const pems = stdout.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  return pems.map((pem) => new X509Certificate(pem));
}

/** A distinguished name without the separators, in which programs differ. */
export function bareName(name: string): string {
  return name.replaceAll(/[\s,/"\\]/g, '');
}
