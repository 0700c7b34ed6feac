import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { PipelineError } from '../core/errors.ts';
import type { Opus } from '../formats/signature/write.ts';
import { type EmbedChoice, embedChoices } from '../manifest/sign-schema.ts';
import { readSigningCertificates } from '../sign/certificates.ts';
import { commandSigner } from '../sign/command-signer.ts';
import { openKeyFile } from '../sign/key-file.ts';
import { pkcs11Signer } from '../sign/pkcs11-signer.ts';
import type { DriverSigner } from '../sign/sign.ts';
import type { Signing, SigningMeans } from '../sign/sign-contents.ts';
import { readSignatures, recordedSigner } from '../sign/signature-files.ts';
import { readPlainFile } from '../system/path-kind.ts';
import { openssl, requireTools } from '../system/tools.ts';
import { requireFile } from './options.ts';
import { passphraseVariable } from './signer-passphrase.ts';

/** What a signature holds besides what it is over. */
export interface CertificateOptions {
  readonly certificates: string | undefined;
  readonly name: string | undefined;
  readonly url: string | undefined;
}

/** What drivers are signed with, besides the key. */
export interface SigningOptions extends CertificateOptions {
  readonly embed: EmbedChoice | undefined;
  readonly replace: boolean;
}

/** Declares the options for what a signature holds. */
export function certificateOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('certificates', {
      type: 'string',
      requiresArg: true,
      describe: 'FILE: certificates in PEM, that of the key first, then its issuers up to the root',
    })
    .option('name', { type: 'string', requiresArg: true, describe: 'TEXT: name that Windows shows' })
    .option('url', { type: 'string', requiresArg: true, describe: 'URL: address that Windows shows' });
}

/** Declares the options that say how drivers are signed; the same ones ask for signatures and put them in. */
export function signingOptions<Given>(parser: Argv<Given>) {
  return certificateOptions(parser)
    .option('embed', {
      choices: embedChoices,
      requiresArg: true,
      defaultDescription: 'drivers',
      describe:
        'Which files besides catalogs get a signature: drivers (.sys), all (.sys, .dll, .exe) or none; 64-bit Windows wants it in drivers that start at boot',
    })
    .option('replace', {
      type: 'boolean',
      default: false,
      describe: 'Replace signatures of others; those of Microsoft are kept all the same',
    });
}

/** Reads what the options name. */
export async function signingOf(options: SigningOptions, command: string) {
  const { certificates, embed = 'drivers', name, url, replace } = options;
  if (certificates === undefined)
    throw new PipelineError('usage', {
      place: `pvdisc ${command}`,
      message: 'option --certificates is missing',
      hint: 'name the file of the certificate of your key and of its issuers, in PEM',
    });
  await requireFile('--certificates', certificates, command);
  const place = `--certificates ${certificates}`;
  const opus: Opus = { ...(name !== undefined && { name }), ...(url !== undefined && { url }) };
  const signing: Signing = {
    certificates: await readSigningCertificates(resolve(certificates), place),
    opus,
  };
  return { ...signing, embed, replace };
}

/** Which key signs. */
export interface SignerOptions {
  readonly 'signer-key': string | undefined;
  readonly 'signer-passphrase-file': string | undefined;
  readonly 'signer-command': string | undefined;
  readonly signatures: string | undefined;
}

/** Returns the options that name a key, as they were given. */
export function givenSigner(options: SignerOptions): string[] {
  const names = ['signer-key', 'signer-passphrase-file', 'signer-command', 'signatures'] as const;
  return names.flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, options[name]]));
}

/** Which key signs, and who says when. */
export interface KeyOptions extends SignerOptions {
  readonly timestamp: string[];
}

/** Declares the options that name a key, which stays where it is. */
export function signerOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('signer-key', {
      type: 'string',
      requiresArg: true,
      describe: `FILE or pkcs11:URI: sign drivers with this RSA key in PEM, or in a token; its passphrase or PIN is in ${passphraseVariable} or a file`,
    })
    .option('signer-passphrase-file', {
      type: 'string',
      requiresArg: true,
      implies: 'signer-key',
      describe: "FILE: the key's passphrase, or the token's PIN, is the first line of this file",
    })
    .option('signer-command', {
      type: 'string',
      requiresArg: true,
      describe:
        'PROGRAM: started once, it reads a SHA-256 digest (hexadecimal) from each line and prints the RSA signature of each (base64)',
    })
    .option('signatures', {
      type: 'string',
      requiresArg: true,
      describe:
        'FILE: signatures of drivers, created from the output of sign-requests or recorded by an earlier run',
    });
}

/** Declares the options that name a key and timestamp authorities. */
export function keyOptions<Given>(parser: Argv<Given>) {
  return signerOptions(parser).option('timestamp', {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe:
      'URL: timestamp authority (RFC 3161), asked once for each signature. May be repeated: the next one is tried if one fails',
  });
}

/** Opens the key and timestamp authorities that the options of a command name; throws without a key. */
export async function signingMeansOf(
  { timestamp, ...options }: KeyOptions,
  given: string | undefined,
  command: string,
): Promise<DriverSigner & Pick<SigningMeans, 'servers'>> {
  const servers = timestamp.map(serverOf);
  const opened = await signerOf(options, given, command);
  if (opened === undefined) throw keyProblem(command, 'no key is named');
  return { ...opened, servers };
}

function keyProblem(command: string, message: string): PipelineError {
  return new PipelineError('usage', {
    place: `pvdisc ${command}`,
    message,
    hint: 'give one of --signer-key, --signer-command and --signatures',
  });
}

/** Opens the key that the options name, if any; `given` is its passphrase from the environment. */
export async function signerOf(
  options: SignerOptions,
  given: string | undefined,
  command: string,
): Promise<DriverSigner | undefined> {
  const { 'signer-key': key, 'signer-command': program, signatures } = options;
  const ways = [key, program, signatures].filter((way) => way !== undefined);
  if (ways.length > 1) throw keyProblem(command, 'more than one key is named');
  const secret = await passphraseOf(options, given, command);
  if (signatures !== undefined) {
    const place = `--signatures ${signatures}`;
    await requireFile('--signatures', signatures, command);
    const recorded = await readSignatures(resolve(signatures), place);
    const tokens = recorded.signatures.flatMap((one): [string, Buffer][] =>
      one.timestamp === undefined ? [] : [[one.digest, Buffer.from(one.timestamp, 'base64')]],
    );
    return { signer: recordedSigner(recorded, place), timestamps: new Map(tokens) };
  }
  if (program !== undefined) {
    await requireFile('--signer-command', program, command);
    return { signer: commandSigner(resolve(program)), timestamps: new Map() };
  }
  if (key === undefined) return undefined;
  return { signer: await keySigner(key, secret, command), timestamps: new Map() };
}

async function keySigner(key: string, secret: string | undefined, command: string) {
  const hint = `put it into ${passphraseVariable}, or into a file and name that with --signer-passphrase-file`;
  const place = `--signer-key ${key.startsWith('pkcs11:') ? key.replace(/\?.*$|;pin-(?:value|source)=[^;?]*/g, '') : key}`;
  if (key.startsWith('pkcs11:')) {
    await requireTools([openssl]);
    return pkcs11Signer({ uri: key, place, ...(secret !== undefined && { pin: secret }), pinHint: hint });
  }
  await requireFile('--signer-key', key, command);
  return openKeyFile({
    file: resolve(key),
    place,
    ...(secret !== undefined && { passphrase: secret }),
    passphraseHint: hint,
  });
}

async function passphraseOf(
  { 'signer-passphrase-file': file }: SignerOptions,
  given: string | undefined,
  command: string,
): Promise<string | undefined> {
  if (file === undefined) return given;
  const place = `--signer-passphrase-file ${file}`;
  const read = await readPlainFile(resolve(file), 2 ** 16);
  if ('problem' in read)
    throw new PipelineError('usage', { place, message: read.problem, hint: `see pvdisc ${command} --help` });
  const [line = ''] = read.bytes.toString('utf8').split(/\r?\n/, 1);
  return line;
}

function serverOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new PipelineError('usage', {
    place: `--timestamp ${url}`,
    message: 'is not an http or https address',
    hint: 'such as --timestamp http://timestamp.example.org',
  });
}
