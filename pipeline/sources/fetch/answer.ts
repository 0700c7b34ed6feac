/** What a server answered; whoever asked must `close` it. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly header: (name: string) => string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** Where the answer came from in the end. */
  readonly address: URL;
  readonly close: () => void;
}
