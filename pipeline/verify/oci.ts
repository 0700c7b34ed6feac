import type * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import type { Limits } from '../core/limits.ts';
import { parseJson } from '../core/parse-json.ts';
import { plural } from '../core/text.ts';
import {
  blobPath,
  configSchema,
  type Descriptor,
  indexName,
  indexSchema,
  layoutName,
  manifestSchema,
  mediaTypes,
  refName,
} from '../formats/oci/image.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { type LayoutFile, readLayout } from '../package/oci/read-layout.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

type Files = ReadonlyMap<string, LayoutFile>;

/** Checks an image layout (a folder or a tar of it): all digests, and that each layer is the disc of a containerDisk; `record` is of its release, if any. */
export async function verifyOci(
  path: string,
  name: string,
  limits: Limits,
  record: ReleaseRecord | undefined,
  context: RunContext,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    context.reporter.progress({ item: name });
    const files = await withDeadline(subject, limits, context, (inTime) =>
      readLayout(path, { subject, limits }, inTime),
    );
    const walk = { files, name, seen: new Set<string>([layoutName, indexName]), problems: [] as Check[] };
    const layout = parseJson(files.get(layoutName)?.text ?? '') as
      | { imageLayoutVersion?: unknown }
      | undefined;
    if (layout?.imageLayoutVersion !== '1.0.0')
      walk.problems.push(bad(`${name}/${layoutName}`, 'is not that of an image layout 1.0.0'));
    const listed = documentAt(walk, indexName, indexSchema)?.manifests ?? [];
    for (const descriptor of listed) checkIndex(walk, descriptor);
    const unused = [...files.keys()].filter((file) => !walk.seen.has(file));
    const problems = [
      ...walk.problems,
      ...unused.map((file) => bad(`${name}/${file}`, 'belongs to no image')),
      ...(record === undefined ? [] : recordProblems(listed, files, record, name)),
    ];
    if (listed.length === 0) problems.push(bad(`${name}/${indexName}`, 'lists no image'));
    if (problems.length > 0) return problems;
    const tags = listed.map(({ annotations }) => annotations?.[refName] ?? 'without a name').join(', ');
    const fits = `${plural(listed.length, 'image')} (${tags}): digests match, and each layer is one disc below /disk, owned by 107`;
    if (record !== undefined) return [good(name, `${fits}, that of the record`)];
    const outside = 'which disc it is and who made it: only the record of its release proves that';
    return [good(name, fits), notJudged(name, outside, 'verify the folder of the release with --key')];
  });
}

/** The state of a walk from the index of a layout to its layers. */
interface Walk {
  readonly files: Files;
  readonly name: string;
  readonly seen: Set<string>;
  readonly problems: Check[];
}

function checkIndex(walk: Walk, { digest, size, mediaType }: Descriptor): void {
  if (mediaType !== mediaTypes.index) {
    walk.problems.push(
      bad(`${walk.name}/${indexName}`, `lists ${digest} of the type ${mediaType}, not an image index`),
    );
    return;
  }
  const index = documentAt(walk, blobPath(digest), indexSchema, size);
  for (const descriptor of index?.manifests ?? []) {
    const manifest = documentAt(walk, blobPath(descriptor.digest), manifestSchema, descriptor.size);
    if (manifest === undefined) continue;
    const config = documentAt(walk, blobPath(manifest.config.digest), configSchema, manifest.config.size);
    const layers = manifest.layers.map((layer) => layer.digest).join();
    if (config !== undefined && config.rootfs.diff_ids.join() !== layers)
      walk.problems.push(
        bad(`${walk.name}/${blobPath(manifest.config.digest)}`, 'names other layers than its manifest'),
      );
    for (const layer of manifest.layers) checkLayer(walk, layer);
  }
}

/** Returns a document whose digest, size and form are right; otherwise notes the problem. */
function documentAt<Schema extends z.ZodType>(
  walk: Walk,
  path: string,
  schema: Schema,
  size?: number,
): z.output<Schema> | undefined {
  const file = blobAt(walk, path, size);
  if (file === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(file.text ?? ''));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  walk.problems.push(bad(`${walk.name}/${path}`, `${issue?.path.join('.') ?? ''}: ${issue?.message}`));
  return undefined;
}

function blobAt({ files, name, seen, problems }: Walk, path: string, size?: number): LayoutFile | undefined {
  const isNew = !seen.has(path) || path === indexName;
  seen.add(path);
  const file = files.get(path);
  if (file === undefined) {
    if (isNew) problems.push(bad(`${name}/${path}`, 'is missing'));
    return undefined;
  }
  if (!isNew) return file;
  if (size !== undefined && file.size !== size)
    problems.push(bad(`${name}/${path}`, `has ${file.size} bytes, but its descriptor has ${size}`));
  if (path !== indexName && !path.endsWith(`/${file.sha256}`))
    problems.push(bad(`${name}/${path}`, `has sha256 ${file.sha256}`));
  return file;
}

function checkLayer(walk: Walk, { digest, size, mediaType }: Descriptor): void {
  const path = blobPath(digest);
  if (walk.seen.has(path)) return;
  const place = `${walk.name}/${path}`;
  const file = blobAt(walk, path, size);
  if (file === undefined) return;
  if (mediaType !== mediaTypes.layer || file.layer === undefined) {
    walk.problems.push(bad(place, `is of the type ${mediaType}, not a plain tar`));
    return;
  }
  const [folder, disc, ...others] = file.layer;
  const isDisc =
    folder?.path === 'disk' && folder.kind === 'folder' && /^disk\/[^/]+\.iso$/.test(disc?.path ?? '');
  if (!isDisc || disc?.kind !== 'file' || others.length > 0)
    walk.problems.push(bad(place, 'is not one disc below /disk, which is what KubeVirt takes'));
  const foreign = file.layer.find(({ owner }) => !owner.startsWith('107:107 '));
  if (foreign !== undefined)
    walk.problems.push(
      bad(`${place}/${foreign.path}`, `is owned by ${foreign.owner}, not by 107, who must read it`),
    );
  if (disc !== undefined && disc.mode !== 0o444)
    walk.problems.push(bad(`${place}/${disc.path}`, `has mode ${disc.mode.toString(8)}, expected 444`));
}

/** Compares the image of a release with its record: its digest, and the disc of each layer. */
function recordProblems(
  listed: readonly Descriptor[],
  files: Files,
  { iso, artifacts }: ReleaseRecord,
  name: string,
): Check[] {
  const recorded = artifacts.find((artifact) => artifact.name === name)?.digest;
  const found = listed.map(({ digest }) => digest).join(', ');
  const discs = [...files.values()].flatMap(({ layer = [] }) => layer.filter(({ kind }) => kind === 'file'));
  return [
    ...(found === recorded
      ? []
      : [bad(name, `has the image ${found}, but the record has ${recorded ?? 'none'}`)]),
    ...discs
      .filter(({ path, sha256 }) => path !== `disk/${iso.name}` || sha256 !== iso.sha256)
      .map(({ path, sha256 }) =>
        bad(`${name}/${path}`, `has sha256 ${sha256}, but ${iso.name} of the record has ${iso.sha256}`),
      ),
  ];
}
