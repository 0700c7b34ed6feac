import { PipelineError } from '../../core/errors.ts';
import { byCodeUnit } from '../../core/order.ts';

/** Returns what `debian/control` may refer to; the packages depend on nothing that debhelper would find. */
export function substitutionVariables(signatures: string): ReadonlyMap<string, string> {
  return new Map([
    ['misc:Depends', ''],
    ['pvdisc:Signatures', signatures],
  ]);
}

/** Replaces every `${name}` of a value (deb-substvars(5)); throws for a name that `variables` does not have. */
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
      hint: `known: ${[...variables.keys()].sort(byCodeUnit).join(', ')}`,
    });
  });
}
