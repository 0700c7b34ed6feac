import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy';
import prettyBytes from 'pretty-bytes';
import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { type Html, html } from './html.ts';
import { type FileKind, fileKinds, kindTexts, type SpaceFile, spaceFiles } from './space.ts';
import type { ReleaseView } from './view.ts';

/** Returns the section that shows where the bytes are: pictures to choose from without a script, and the same as a table. */
export function bytesSection(view: ReleaseView): Html {
  const files = spaceFiles(view);
  const hasSymbols = files.some(({ isSymbols }) => isSymbols);
  const hasDuplicates = files.some(({ isDuplicate }) => isDuplicate);
  const used = fileKinds.filter((kind) => files.some((file) => file.kind === kind));
  return html`<section id="bytes" class="bytes" aria-labelledby="bytes-title">
    <h2 id="bytes-title">Where the bytes are</h2>
    <fieldset class="choices"><legend class="hidden">Picture</legend>
      <label><input type="radio" name="by" id="by-driver" checked /> by driver</label>
      <label><input type="radio" name="by" id="by-windows" /> by Windows</label>
      ${hasSymbols && html`<label><input type="checkbox" id="with-symbols" /> with debug symbols</label>`}
      ${hasDuplicates && html`<label><input type="checkbox" id="with-duplicates" /> with duplicates</label>`}
    </fieldset>
    <ul class="legend" aria-label="Kinds of files">${used.map((kind) => html`<li><span class=${`swatch kind-${kind}`} aria-hidden="true"></span> ${kindTexts[kind]}</li>`)}</ul>
    ${(['driver', 'windows'] as const).flatMap((by) =>
      (hasSymbols ? [false, true] : [false]).flatMap((symbols) =>
        (hasDuplicates ? [false, true] : [false]).map((duplicates) =>
          picture(files, { by, symbols, duplicates }),
        ),
      ),
    )}
    <p class="note">A disc stores a content once, however many folders have it: duplicates occupy no space. Contents that several Windows share count for the first of them.</p>
    ${table(files, { hasSymbols })}
  </section>`;
}

interface Picture {
  readonly by: 'driver' | 'windows';
  readonly symbols: boolean;
  readonly duplicates: boolean;
}

interface Area {
  readonly name: string;
  readonly kind?: FileKind;
  readonly size?: number;
  readonly children?: readonly Area[];
}

const width = 1200;
const height = 480;
const titleHeight = 22;

function picture(all: readonly SpaceFile[], { by, symbols, duplicates }: Picture): Html {
  const files = all.filter(
    ({ isSymbols, isDuplicate }) => (symbols || !isSymbols) && (duplicates || !isDuplicate),
  );
  const areas = [...groupBy(files, (file) => file[by])].map(([name, of]) => ({
    name,
    children: [...groupBy(of, ({ kind }) => kind)].map(([, some]) => ({
      name,
      ...(some[0] !== undefined && { kind: some[0].kind }),
      size: total(some),
    })),
  }));
  const root = hierarchy<Area>({ name: '', children: areas }, ({ children }) => children)
    .sum(({ size = 0 }) => size)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || byCodeUnit(a.data.name, b.data.name));
  const laidOut = treemap<Area>().size([width, height]).paddingTop(titleHeight).paddingInner(2).round(true)(
    root,
  );
  const what = `${by === 'driver' ? 'By driver' : 'By Windows'}, ${symbols ? 'with' : 'without'} debug symbols, ${duplicates ? 'with duplicates' : 'each content once'}`;
  const name = `picture-${by}${symbols ? '-symbols' : ''}${duplicates ? '-duplicates' : ''}`;
  return html`<figure class=${`picture by-${by} ${symbols ? 'symbols' : 'no-symbols'} ${duplicates ? 'duplicates' : 'no-duplicates'}`}>
    <div class="scroll" role="region" aria-labelledby=${name} tabindex="0">
      <svg viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${`${what}: ${prettyBytes(total(files))}`}>
        ${(laidOut.children ?? []).map(areaPart)}
      </svg>
    </div>
    <figcaption id=${name}>${what}: <b>${prettyBytes(total(files))}</b></figcaption>
  </figure>`;
}

function areaPart(node: HierarchyRectangularNode<Area>): Html {
  const size = prettyBytes(node.value ?? 0);
  const { name } = node.data;
  return html`<g>
    <title>${`${name}: ${size}`}</title>
    <rect class="frame" x=${node.x0} y=${node.y0} width=${node.x1 - node.x0} height=${node.y1 - node.y0} />
    ${(node.children ?? []).map(
      ({ x0, x1, y0, y1, data, value = 0 }) =>
        html`<rect class=${`kind-${data.kind}`} x=${x0} y=${y0} width=${x1 - x0} height=${y1 - y0}><title>${`${name}, ${kindTexts[data.kind ?? 'other']}: ${prettyBytes(value)}`}</title></rect>`,
    )}
    ${label(`${name}  ${size}`, name, node)}
  </g>`;
}

/** Mean width of a character at the size of the labels. */
const characterWidth = 8.2;

/** Returns the title of an area, with its size where that fits; nothing where not even the name does. */
function label(
  long: string,
  short: string,
  { x0, x1, y0 }: HierarchyRectangularNode<Area>,
): Html | undefined {
  const text = [long, short].find(({ length }) => length * characterWidth < x1 - x0 - 8);
  return text === undefined ? undefined : html`<text x=${x0 + 5} y=${y0 + 16}>${text}</text>`;
}

function table(files: readonly SpaceFile[], { hasSymbols }: { readonly hasSymbols: boolean }): Html {
  const rows = (by: 'driver' | 'windows') =>
    [...groupBy(files, (file) => file[by])].sort(
      ([a, one], [b, other]) => total(other) - total(one) || byCodeUnit(a, b),
    );
  const part = (by: 'driver' | 'windows', heading: string) => html`<tbody>
    <tr><th scope="rowgroup" colspan=${hasSymbols ? 5 : 4}>${heading}</th></tr>
    ${rows(by).map(([name, of]) => {
      const drivers = of.filter(({ isSymbols }) => !isSymbols);
      const symbols = of.filter(({ isSymbols, isDuplicate }) => isSymbols && !isDuplicate);
      return html`<tr><th scope="row">${name}</th>
        <td class="number" data-label="files">${drivers.length}</td>
        <td class="number" data-label="stored">${prettyBytes(total(drivers.filter(({ isDuplicate }) => !isDuplicate)))}</td>
        <td class="number" data-label="duplicates">${prettyBytes(total(drivers.filter(({ isDuplicate }) => isDuplicate)))}</td>
        ${hasSymbols && html`<td class="number" data-label="symbols">${prettyBytes(total(symbols))}</td>`}</tr>`;
    })}
  </tbody>`;
  return html`<details class="as-table"><summary>The same as a table</summary>
    <div class="scroll" role="region" aria-label="Bytes by driver and by Windows" tabindex="0"><table class="plain">
      <thead><tr><th scope="col">Part</th><th scope="col">Files</th><th scope="col">Stored</th><th scope="col">Duplicates</th>${hasSymbols && html`<th scope="col">Symbols</th>`}</tr></thead>
      ${part('driver', 'By driver')}
      ${part('windows', 'By Windows')}
    </table></div>
  </details>`;
}

function total(files: readonly SpaceFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
