import { PipelineError } from '../../core/errors.ts';
import { byCodeUnit } from '../../core/order.ts';

/** Returns the substitution variables of `debian/control`; debhelper would find no dependencies in these packages. */
export function substitutionVariables(signatures: string): ReadonlyMap<string, string> {
  return new Map([
    ['', '$'],
    ['misc:Depends', ''],
    ['pvdisc:Signatures', signatures],
  ]);
}

/** Replaces every `${name}` (deb-substvars(5)); throws if it is unknown. */
export function substituteVariables(
  value: string,
  variables: ReadonlyMap<string, string>,
  place: string,
): string {
  return value.replaceAll(/\$\{([^{}]*)\}/g, (reference, name: string) => {
    const replacement = variables.get(name);
    if (replacement !== undefined) return replacement;
    throw new PipelineError('input', {
      place,
      message: `unknown substitution variable ${reference}`,
      hint: `known: ${[...variables.keys()].filter(Boolean).sort(byCodeUnit).join(', ')}`,
    });
  });
}
