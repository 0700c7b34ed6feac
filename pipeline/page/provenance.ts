import prettyBytes from 'pretty-bytes';
import { plural } from '../core/text.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import { type Html, html } from './html.ts';
import type { ReleaseView } from './view.ts';

/** Returns the section with the digests of the files of a release, and the commands that verify them. */
export function digestsSection({ record }: ReleaseView): Html {
  const discs = recordedDiscs(record);
  const files = [...discs.map((disc) => ({ format: 'ISO', ...disc })), ...record.artifacts];
  const [name, folder] = [`${record.name}-${record.version}`, `${record.name}-${record.version}/`];
  return html`<section id="verify" aria-labelledby="verify-title">
    <h2 id="verify-title">Files, and how to verify them</h2>
    <ul class="files-of-release">${files.map(
      (file) =>
        html`<li><b class="path">${file.name}</b> <span class="note">${`${file.format}, ${prettyBytes(file.size)}`}</span> <code class="digest">${file.sha256}</code></li>`,
    )}</ul>
    <ol class="steps">
      <li>The checksums: <code>sha256sum --check SHA256SUMS</code></li>
      <li>Their signature, if there is a file <code>SHA256SUMS.asc</code>: <code>gpg --verify SHA256SUMS.asc SHA256SUMS</code></li>
      <li>The contents of every disc and package against the record: <code>${`pvdisc verify ${folder}`}</code></li>
      <li>The provenance, if there is a file <code>${`${name}.sigstore.json`}</code>: add <code>--attest-key KEY.pub</code>, or use cosign</li>
    </ol>
  </section>`;
}

/** Returns the section on where the drivers come from and what built the release. */
export function provenanceSection({ record }: ReleaseView): Html {
  return html`<section id="provenance" aria-labelledby="provenance-title">
    <h2 id="provenance-title">Provenance</h2>
    <dl>
      <dt>Kind</dt><dd>${kindText(record)}</dd>
      ${record.sources.map(sourceText)}
      <dt>Changed files</dt><dd>${changedText(record)}</dd>
      ${record.signing !== undefined && html`<dt>Signed by</dt><dd>${record.signing.certificate.name} <code class="digest">${record.signing.certificate.sha256}</code></dd>`}
      <dt>Date of all files</dt><dd><time datetime=${record.date}>${record.date.slice(0, 10)}</time></dd>
      <dt>Built with</dt><dd>${record.tools.map(({ name, version }) => `${name} ${version}`).join(', ')}</dd>
      <dt>Release file</dt><dd>${record.parameters.release.name} <code class="digest">${record.parameters.release.sha256}</code></dd>
    </dl>
    <p class="note">Everything on this page is in <code>release.json</code>; <code>.cdx.json</code> is the bill of materials and <code>.intoto.json</code> the provenance.</p>
  </section>`;
}

function sourceText({ id, type, pin, files }: ReleaseRecord['sources'][number]): readonly Html[] {
  const counts = `${plural(files.shipped, 'file')} shipped, ${files.leftOut} left out, ${files.ignored} ignored for a reason`;
  return [
    html`<dt>${`Source ${id}`}</dt>`,
    html`<dd>${type}: ${counts}${Object.entries(pin).map(([key, value]) => html`<div class="pin">${key} <code class="digest">${value}</code></div>`)}</dd>`,
  ];
}

function kindText({ kind, upstream }: ReleaseRecord): string {
  if (kind === 'assembled') return 'assembled: the disc was written from driver files';
  const seen = upstream === undefined ? '' : ` (${upstream.release}, ${upstream.confidence})`;
  return `passthrough: the disc is upstream's, byte for byte${seen}`;
}

function changedText({ repairs, signing }: ReleaseRecord): string {
  const signed = signing?.files.filter(({ state }) => state === 'made' || state === 'signed').length ?? 0;
  const parts = [
    ...(repairs.length > 0 ? [`${plural(repairs.length, 'INF')} with restored line endings`] : []),
    ...(signed > 0 ? [`${plural(signed, 'file')} with an added signature`] : []),
  ];
  return parts.length === 0 ? 'none: each driver file is as its source has it' : parts.join(', ');
}
