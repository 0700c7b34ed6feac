import type { RunContext } from '../core/context.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';
import { type Tool, tools } from '../system/tools.ts';
import type { SourceRequest, SourceTree, SourceType } from './define.ts';
import { sources } from './index.ts';
import { withinInfLimit } from './inf-limit.ts';

/** A source as a release gives it: `type`, its limits, and the keys of that type. */
export type SourceSpec = { readonly type: string; readonly limits?: Limits } & Record<string, unknown>;

/** Opens a source by its type, within its limits. */
export async function openSource(
  spec: SourceSpec,
  request: SourceRequest,
  context: RunContext,
): Promise<SourceTree> {
  const limits = spec.limits ?? defaultLimits;
  const tree = await sourceType(spec).open(spec, { ...request, limits }, context);
  return withinInfLimit(tree, { place: request.place, name: request.id }, limits, context.signal);
}

/** Returns the digests or the commit that pin a source's bytes, for the record. */
export function sourcePin(spec: SourceSpec): Readonly<Record<string, string>> {
  return sourceType(spec).pin(spec);
}

/** Returns the files that a source is checked against, as named in the release: lists of digests, the key of a signature. */
export function sourceLists(spec: SourceSpec): readonly string[] {
  const { signature } = spec as { signature?: { key: string } };
  return [...(sourceType(spec).lists?.(spec) ?? []), ...(signature === undefined ? [] : [signature.key])];
}

/** Returns the external programs that a source may need, gpgv included where it has a signature. */
export function sourceTools(spec: SourceSpec): readonly Tool[] {
  const own = sourceType(spec).tools;
  return spec.signature === undefined ? own : [...own, tools.gpgv];
}

/** The keys depend on the type; the release schema has checked that `spec` fits its `type`. */
function sourceType(spec: SourceSpec): SourceType {
  const type = Object.values(sources).find((source) => source.type === spec.type);
  if (type === undefined) throw new Error(`no source type ${spec.type}`);
  return type as unknown as SourceType;
}
