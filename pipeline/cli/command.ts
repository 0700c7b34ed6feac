import type { CommandModule } from 'yargs';

/** The parts of `process` that commands use, so that tests can replace them. */
export interface CommandProcess {
  readonly stdout: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
    write: (text: string) => unknown;
  };
  readonly stderr: { readonly isTTY?: boolean; readonly columns?: number; write: (text: string) => unknown };
  readonly env: NodeJS.ProcessEnv;
}

/** The environment of a command. */
export interface CommandIo {
  readonly process: CommandProcess;
  /** The passphrase of a key file, or the PIN of a token, which is no longer in the environment. */
  readonly signerPassphrase: string | undefined;
  /** Fires on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a run that ends without an error. */
  readonly exitWith: (code: number) => void;
}

/** Creates a command for one run. */
export type Command<Options> = (io: CommandIo) => CommandModule<object, Options>;
