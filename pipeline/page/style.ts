/** The style of the pages; colours have a contrast of at least 4.5:1 in both schemes. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --ink: #1d2126; --soft: #565e68; --line: #dfe2e5; --accent: #0b5cad; --shade: #eef0f2;
  --loads: #146c2e; --loads-back: #e2f3e6; --partly: #7a4b00; --partly-back: #fdf0d2; --bad: #a31515; --bad-back: #fbe4e2;
  --unknown: #4a525c; --unknown-back: #e9ecef; --missing: #6b727b;
  --kind-driver: #9cc4ea; --kind-tool: #b9ddb4; --kind-installer: #d5c3e8; --kind-catalog: #f5d79a; --kind-INF: #f2b8a8;
  --kind-symbols: #c9ced4; --kind-other: #e3dccb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --ink: #e4e7ea; --soft: #a5adb6; --line: #33393f; --accent: #7db8f2; --shade: #262b30;
    --loads: #86d99b; --loads-back: #173522; --partly: #f0c368; --partly-back: #3a2d10; --bad: #ff9d94; --bad-back: #421b1a;
    --unknown: #b6bec7; --unknown-back: #2b3137; --missing: #9aa2ab;
    --kind-driver: #28527c; --kind-tool: #2c5a33; --kind-installer: #54407a; --kind-catalog: #6b5218; --kind-INF: #7a3d2e;
    --kind-symbols: #454c54; --kind-other: #554d3a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 100rem; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 2.5rem); }
header { padding-top: clamp(1.5rem, 4vw, 3rem); }
footer { padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
h1 { margin: 0; font-size: clamp(1.6rem, 4vw, 2.4rem); line-height: 1.2; letter-spacing: -.01em; }
h1 .version { color: var(--soft); font-weight: 400; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
p { margin: .5rem 0; max-width: 75ch; }
a { color: var(--accent); text-underline-offset: .15em; }
small { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; }
code, .version, .number { font-family: ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
h1 .version { font: inherit; font-weight: 400; }
h1, p, li, th, td, summary, dd, small, code, output { overflow-wrap: anywhere; unicode-bidi: isolate; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 9; }
.kind { margin: 0 0 .25rem; color: var(--soft); font-size: .875rem; }
.title { margin: .25rem 0 1rem; font-size: 1.125rem; color: var(--soft); }
.note { color: var(--soft); font-size: .875rem; font-weight: 400; }
ul { padding: 0; margin: 0; list-style: none; }
.verdict { display: grid; gap: .5rem; }
.verdict li { padding: .625rem .875rem; border-left: 4px solid; border-radius: .25rem; background: var(--unknown-back); color: var(--unknown); }
.verdict b { font-weight: 600; }
.verdict small { color: inherit; }
.verdict .good { background: var(--loads-back); color: var(--loads); }
.verdict .partly { background: var(--partly-back); color: var(--partly); }
.verdict .bad { background: var(--bad-back); color: var(--bad); }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0; max-width: none; color: var(--soft); font-size: .9375rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .5rem 0 0; border-top: 1px solid var(--line); }
nav a { display: inline-block; padding: .25rem 0; }
section { margin: 1.5rem 0; padding: clamp(1rem, 2vw, 1.5rem); background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); gap: .75rem 1rem; align-items: end; margin: 1.5rem 0; padding: 1rem clamp(1rem, 2vw, 1.5rem); background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.filters label { font-size: .8125rem; color: var(--soft); }
.filters .wide { grid-column: span 3; }
@media (min-width: 70rem) { .filters { grid-template-columns: repeat(4, 11.5rem) 1fr 7rem; } .filters .wide { grid-column: auto; } }
@media (max-width: 48rem) { .filters .wide { grid-column: auto; } }
.filters output { grid-column: 1 / -1; font-family: inherit; color: var(--soft); }
#answer { grid-column: 1 / -1; }
#answer:empty { display: none; }
#answer p { margin: .25rem 0; }
select, textarea, button { display: block; width: 100%; min-height: 2.5rem; padding: .4rem .6rem; font: inherit; font-size: .9375rem; color: var(--ink); background: var(--page); border: 1px solid var(--missing); border-radius: .375rem; }
textarea { resize: vertical; field-sizing: content; max-height: 8rem; font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
textarea::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: start; font-weight: 600; }
th, td { padding: .5rem .625rem; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .8125rem; font-weight: 500; vertical-align: bottom; }
.number { text-align: end; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; color: var(--soft); font-size: .875rem; }
.matrix { width: auto; }
.versions th:first-child { min-width: 9.5rem; } .versions :is(th, td):nth-child(2) { min-width: 11rem; } .versions td:last-child { max-width: 24rem; }
.matrix thead th { min-width: 5.25rem; max-width: 8rem; }
.matrix thead .name { display: block; color: var(--ink); font-weight: 600; }
.matrix tbody th { min-width: 10rem; }
.matrix tbody th a { font-weight: 600; text-decoration: none; }
.matrix tbody th a:hover { text-decoration: underline; }
.matrix th:first-child { position: sticky; left: 0; background: var(--card); }
.matrix tbody tr:hover :is(th, td) { background: var(--shade); }
.matrix th small { font-variant-numeric: tabular-nums; }
.chips { display: grid; gap: .25rem; justify-items: start; }
.chip { position: relative; display: inline-block; min-width: 4.5rem; padding: .125rem .5rem; border-radius: .25rem; font-size: .8125rem; line-height: 1.4; text-decoration: none; white-space: nowrap; }
a.chip:hover { text-decoration: underline; }
.sign { display: inline-grid; place-content: center; width: 1.35em; height: 1.35em; border-radius: .25rem; font-size: .8125rem; line-height: 1; }
.chip.loads, .sign.loads { background: var(--loads-back); color: var(--loads); }
.chip.no-secure-boot, .sign.no-secure-boot, .chip.no-driver-policy, .sign.no-driver-policy { background: var(--partly-back); color: var(--partly); }
.chip:is(.test-signing, .never), .sign:is(.test-signing, .never) { background: var(--bad-back); color: var(--bad); }
.chip.unknown, .sign.unknown { background: var(--unknown-back); color: var(--unknown); }
.chip.missing, .sign.missing { color: var(--missing); outline: 1px dashed var(--line); outline-offset: -1px; }
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
.arch { padding: 0 .375rem; border: 1px solid var(--line); border-radius: .25rem; font-size: .8125rem; color: var(--soft); white-space: nowrap; }
.path { white-space: normal; }
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
.files-of-release li { padding: .375rem 0; border-top: 1px solid var(--line); }
.digest { display: block; color: var(--soft); }
.steps { padding-inline-start: 1.25rem; }
.steps code { padding: .0625rem .25rem; background: var(--shade); border-radius: .25rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .5rem 1.5rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.loss { color: var(--bad); }
@media (max-width: 48rem) {
  .matrix, .matrix tbody, .matrix tr, .matrix th, .matrix td { display: block; width: auto; }
  .matrix thead { display: none; }
  .matrix tbody tr { padding: .75rem 0; border-top: 1px solid var(--line); }
  .matrix tbody th, .matrix td { padding: .125rem 0; border: 0; }
  .matrix th:first-child { position: static; }
  .matrix td { display: grid; grid-template-columns: 8.5rem 1fr; align-items: baseline; }
  .matrix td::before { content: attr(data-name); color: var(--soft); font-size: .875rem; }
  .chips { display: flex; flex-wrap: wrap; }
  .chip { min-width: 0; }
  .plain td, .plain th, .versions td, .versions th { display: block; width: auto; padding: .125rem 0; border: 0; text-align: start; }
  .plain tr, .versions tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line); }
  .plain thead, .versions thead { display: none; }
  .as-table .number::before { content: attr(data-label) ": "; color: var(--soft); }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  details > :not(summary) { margin-inline: 0; }
  details > table { width: 100%; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; }
  body { font-size: 9pt; }
  header, main, footer { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 1.25rem 0; }
  .filters, nav, .skip, .choices { display: none !important; }
  .scroll { overflow: visible; }
  .matrix { width: 100%; font-size: 7.5pt; }
  .matrix thead th, .matrix tbody th { min-width: 0; }
  .matrix th, .matrix td { padding: .125rem .1875rem; }
  .chip { min-width: 0; padding: 0 .1875rem; font-size: 7pt; print-color-adjust: exact; }
  .sign, rect, .swatch, .verdict li { print-color-adjust: exact; }
  svg { min-width: 0; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary::before { content: none; }
  tr, li, figure, .verdict li { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
