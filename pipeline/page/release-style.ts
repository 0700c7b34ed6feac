/** What the page of a release has besides the style of all pages: filters, details and the picture of the bytes. */
export const releaseStyle = `
:root {
  --kind-driver: #9cc4ea; --kind-tool: #b9ddb4; --kind-installer: #d5c3e8; --kind-catalog: #f5d79a; --kind-INF: #f2b8a8;
  --kind-symbols: #c9ced4; --kind-other: #e3dccb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --kind-driver: #28527c; --kind-tool: #2c5a33; --kind-installer: #54407a; --kind-catalog: #6b5218; --kind-INF: #7a3d2e;
    --kind-symbols: #454c54; --kind-other: #554d3a;
  }
}
.filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: .75rem 1rem; align-items: end; margin: 1.5rem 0; padding: 1rem clamp(1rem, 2vw, 1.5rem); background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.filters label { font-size: .8125rem; color: var(--soft); }
@media (min-width: 48rem) { .filters .wide { grid-column: span 2; } }
@media (min-width: 60rem) { .filters { grid-template-columns: repeat(4, 1fr); } .filters .wide { grid-column: span 3; } }
.filters output { grid-column: 1 / -1; font-family: inherit; color: var(--soft); }
#answer { grid-column: 1 / -1; }
#answer:empty { display: none; }
#answer p { margin: .25rem 0; }
select, textarea, button { display: block; width: 100%; min-height: 2.5rem; padding: .4rem .6rem; font: inherit; font-size: .9375rem; color: var(--ink); background: var(--page); border: 1px solid var(--missing); border-radius: .375rem; }
textarea { resize: vertical; field-sizing: content; max-height: 8rem; font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
textarea::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; }
.versions th:first-child { min-width: 9.5rem; } .versions :is(th, td):nth-child(2) { min-width: 11rem; } .versions td:last-child { max-width: 24rem; }
.state { display: inline-block; }
.states { display: inline-flex; flex-wrap: wrap; gap: .125rem .75rem; color: var(--soft); font-size: .875rem; }
.loads .sign, .state.loads { color: var(--loads); }
.state.no-secure-boot, .state.no-driver-policy { color: var(--partly); }
.state:is(.test-signing, .never) { color: var(--bad); }
.targets { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 0 2rem; align-items: start; }
.targets details[open] { grid-column: 1 / -1; }
.targets details:last-of-type { border-bottom: 0; }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { display: flex; flex-wrap: wrap; gap: .125rem .75rem; align-items: baseline; padding: .625rem .25rem; cursor: pointer; }
summary::before { content: "›"; width: .75rem; color: var(--soft); font-weight: 700; transition: rotate .15s; }
details[open] > summary::before { rotate: 90deg; }
summary::-webkit-details-marker { display: none; }
summary .name { font-weight: 600; }
summary:hover .name { text-decoration: underline; text-underline-offset: .15em; }
details > :not(summary) { margin-inline: 1.25rem 0; }
details > table { width: calc(100% - 1.25rem); margin-bottom: 1rem; }
.places li { padding: .0625rem 0; }
li:target, tr:target, details:target > summary { background: var(--partly-back); }
.rules { display: flex; flex-wrap: wrap; gap: 0 .75rem; }
.rules a, .rule .name { font-size: .875rem; }
.ids { margin-bottom: 1rem; }
.ids ul { padding-bottom: .5rem; }
.severity { min-width: 6.25rem; font-size: .875rem; }
.severity.error { color: var(--bad); } .severity.warning { color: var(--partly); } .severity.accepted { color: var(--loads); } .severity.info { color: var(--soft); }
.found > li { margin: .75rem 0; }
.found .files { margin-top: .25rem; color: var(--soft); columns: 26rem; font-size: .875rem; }
.choices { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; border: 0; }
.choices label { display: inline-flex; gap: .4rem; align-items: center; min-height: 1.75rem; }
input { accent-color: var(--accent); width: 1.1rem; height: 1.1rem; margin: 0; }
.swatch { display: inline-block; width: .875rem; height: .875rem; border-radius: .1875rem; vertical-align: -.0625rem; }
figure { margin: 0; }
figcaption { margin-top: .375rem; color: var(--soft); font-size: .875rem; }
svg { display: block; width: 100%; min-width: 44rem; height: auto; }
svg .frame { fill: var(--shade); }
svg text { fill: var(--ink); font: 600 14px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
rect.kind-driver { fill: var(--kind-driver); } rect.kind-tool { fill: var(--kind-tool); } rect.kind-installer { fill: var(--kind-installer); }
rect.kind-catalog { fill: var(--kind-catalog); } rect.kind-INF { fill: var(--kind-INF); } rect.kind-symbols { fill: var(--kind-symbols); } rect.kind-other { fill: var(--kind-other); }
.swatch.kind-driver { background: var(--kind-driver); } .swatch.kind-tool { background: var(--kind-tool); } .swatch.kind-installer { background: var(--kind-installer); }
.swatch.kind-catalog { background: var(--kind-catalog); } .swatch.kind-INF { background: var(--kind-INF); } .swatch.kind-symbols { background: var(--kind-symbols); } .swatch.kind-other { background: var(--kind-other); }
.bytes:has(#by-driver:checked) .by-windows, .bytes:has(#by-windows:checked) .by-driver,
.bytes:has(#with-symbols:checked) .no-symbols, .bytes:not(:has(#with-symbols:checked)) .symbols,
.bytes:has(#with-duplicates:checked) .no-duplicates, .bytes:not(:has(#with-duplicates:checked)) .duplicates { display: none; }
.loss { color: var(--bad); }
#changes li { margin: .25rem 0; }
.details { margin: 0 0 .5rem 1.25rem; color: var(--soft); font-size: .875rem; }
@media (max-width: 48rem) {
  .plain td, .plain th, .versions td, .versions th { display: block; width: auto; padding: .125rem 0; border: 0; text-align: start; }
  .plain tr, .versions tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line); }
  .plain thead, .versions thead { display: none; }
  .as-table .number::before { content: attr(data-label) ": "; color: var(--soft); }
  details > :not(summary) { margin-inline: 0; }
  details > table { width: 100%; }
}
@media print {
  .filters, .choices { display: none !important; }
  rect, .swatch { print-color-adjust: exact; }
  svg { min-width: 0; }
  figure { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary::before { content: none; }
}
`;
