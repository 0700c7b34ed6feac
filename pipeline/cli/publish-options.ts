import { PipelineError } from '../core/errors.ts';

/** The options of `publish`; which of them a repository takes depends on its kind. */
export interface PublishOptions {
  readonly releases: readonly string[];
  readonly apt: string | undefined;
  readonly rpm: string | undefined;
  readonly oci: string | undefined;
  readonly key: string | undefined;
  readonly 'old-key': string | undefined;
  readonly 'release-key': string | undefined;
  readonly suite: string;
  readonly origin: string;
  readonly label: string | undefined;
  readonly 'valid-for': string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

export function badOption(option: string, text: string, expected: string): PipelineError {
  return new PipelineError('usage', {
    place: `${option} ${text}`,
    message: `must be ${expected}`,
    hint: 'see pvdisc publish --help',
  });
}
