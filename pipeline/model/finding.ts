/** An error stops a build, a warning is worth a look, an info is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** One result of one rule: `path` is a path on the disc, `line` a line of the file there. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly hint?: string;
  /** All places of what an INF has several times, at most 100; `line` and `message` begin with the first. */
  readonly places?: FindingPlace[];
}

/** One of several places of a finding. */
export interface FindingPlace {
  readonly line?: number;
  readonly message: string;
}

/** A finding that did not stop the build: a warning, or one that the release accepts for a reason. */
export interface AcceptedFinding extends Finding {
  readonly accepted?: string;
}

/** A finding as a record or an inspection holds it: optional keys may be undefined. */
export interface WrittenFinding extends Pick<Finding, 'rule' | 'severity' | 'path' | 'message'> {
  readonly line?: number | undefined;
  readonly hint?: string | undefined;
  readonly places?: readonly { readonly line?: number | undefined; readonly message: string }[] | undefined;
  readonly accepted?: string | undefined;
}
