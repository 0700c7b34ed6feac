import type { Change } from '../changed-inf.ts';

/** A damage that a person makes in an editor, and what finds it. */
export interface Damage {
  readonly damage: string;
  /** The page of Microsoft that says what is right. */
  readonly source: string;
  readonly changes: readonly Change[];
  /** Changes the whole text instead, or its bytes. */
  readonly rewrite?: (text: string) => string | Uint8Array;
  /** All rules that find something, also what follows from the damage; empty with `why`. */
  readonly rules: readonly string[];
  /** Start of the message of an INF that is refused. */
  readonly refusal?: RegExp;
  /** Why no rule finds it. */
  readonly why?: string;
}

const pages = {
  addReg: 'INF AddReg Directive',
  addService: 'INF AddService Directive',
  classes: 'System-Defined Device Setup Classes Available to Vendors',
  copyFiles: 'INF CopyFiles Directive',
  copyInf: 'INF CopyINF Directive',
  syntax: 'General Syntax Rules for INF Files',
  destinations: 'INF DestinationDirs Section',
  dirids: 'Using Dirids',
  disks: 'INF SourceDisksFiles Section',
  driverVer: 'INF DriverVer Directive',
  extension: 'Using an Extension INF File',
  install: 'INF DDInstall Section',
  manufacturer: 'INF Manufacturer Section',
  models: 'INF Models Section',
  services: 'INF DDInstall.Services Section',
  store: 'Run From Driver Store',
  strings: 'INF Strings Section',
  universal: 'Using a Universal INF File',
  validation: 'INF Validation Errors and Warnings',
  general: 'General Guidelines for Writing INF Files',
  version: 'INF Version Section',
} as const;

/** Declares a damage; rules without an area are of INFs. */
export function damage(
  damage: string,
  page: keyof typeof pages,
  rules: string | { readonly why: string } | RegExp,
  ...changes: readonly (Change | ((text: string) => string | Uint8Array))[]
): Damage {
  const rewrite = changes.find((change) => typeof change === 'function');
  const head = {
    damage,
    source: pages[page],
    changes: changes.filter((change) => typeof change !== 'function'),
    ...(rewrite !== undefined && { rewrite }),
  };
  if (rules instanceof RegExp) return { ...head, rules: [], refusal: rules };
  return typeof rules === 'string'
    ? { ...head, rules: rules.split(' ').map((rule) => (rule.includes('/') ? rule : `inf/${rule}`)) }
    : { ...head, rules: [], ...rules };
}
