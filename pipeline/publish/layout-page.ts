import { join } from 'node:path';
import type * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import { parseJson } from '../core/parse-json.ts';
import { plural } from '../core/text.ts';
import { replaceFiles } from '../driver-build/replace-files.ts';
import {
  blobPath,
  type Descriptor,
  indexName,
  indexSchema,
  layoutPageName,
  manifestSchema,
  refName,
} from '../formats/oci/image.ts';
import { type RepositoryItem, repositoryPage } from '../page/repository-page.ts';
import { readPlainFile } from '../system/path-kind.ts';
import { ownPages } from './own-pages.ts';

/** Writes the page of an image layout beside its index: its images, and how one goes into a registry. */
export async function writeLayoutPage(folder: string, context: Pick<RunContext, 'reporter'>): Promise<void> {
  const listed = (await documentAt(folder, indexName, indexSchema))?.manifests ?? [];
  const items: RepositoryItem[] = [];
  for (const descriptor of listed) items.push(await itemOf(folder, descriptor));
  const titles = [...new Set(items.map(({ name }) => name))];
  const tag = items.at(-1)?.version ?? '';
  const copy = 'skopeo copy --all --preserve-digests';
  const page = repositoryPage({
    kind: 'image layout of discs with drivers for Windows guests',
    title: titles.join(', '),
    facts: [plural(items.length, 'image')],
    use: 'In the folder of this page',
    compare: 'the digests with those',
    steps: [
      { text: 'Into a registry:', command: `${copy} oci:.:${tag} docker://REGISTRY/REPOSITORY:${tag}` },
      { text: 'Are all digests right?', command: 'pvdisc verify .' },
    ],
    items,
  });
  const own = await ownPages(folder, new Map([[layoutPageName, page]]), context);
  const files = [...own].map(([path, text]) => [join(folder, path), Buffer.from(text)] as const);
  await replaceFiles(new Map(files));
}

/** An image that another program put there may lack a name or a title. */
async function itemOf(folder: string, { digest, annotations }: Descriptor): Promise<RepositoryItem> {
  const index = await documentAt(folder, blobPath(digest), indexSchema);
  const [first] = index?.manifests ?? [];
  const manifest = first && (await documentAt(folder, blobPath(first.digest), manifestSchema));
  const size = manifest?.layers.reduce((sum, layer) => sum + layer.size, 0);
  const about = index?.annotations?.[`${annotationPrefix}description`];
  return {
    name: index?.annotations?.[`${annotationPrefix}title`] ?? 'image',
    version: annotations?.[refName] ?? '',
    sha256: digest.replace('sha256:', ''),
    ...(about !== undefined && { about }),
    ...(size !== undefined && { size }),
  };
}

const annotationPrefix = 'org.opencontainers.image.';

/** Far more than the index of a layout with 1,000 releases. */
const mostDocumentBytes = 2 ** 22;

async function documentAt<Schema extends z.ZodType>(
  folder: string,
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const read = await readPlainFile(join(folder, path), mostDocumentBytes);
  return 'problem' in read ? undefined : schema.safeParse(parseJson(read.bytes.toString('utf8'))).data;
}
