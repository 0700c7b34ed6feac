/** Variable with the passphrase of a key file, or the PIN of a token. */
export const passphraseVariable = 'PVDISC_SIGNER_PASSPHRASE';

/** Takes the passphrase out of the environment, so that no program that is started gets it. */
export function takePassphrase(env: NodeJS.ProcessEnv): string | undefined {
  const given = env[passphraseVariable];
  delete env[passphraseVariable];
  return given;
}
