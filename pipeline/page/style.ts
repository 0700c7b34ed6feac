/** The style of all pages; colours have a contrast of at least 4.5:1 in both schemes. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --ink: #1d2126; --soft: #565e68; --line: #dfe2e5; --accent: #0b5cad; --shade: #eef0f2;
  --loads: #146c2e; --loads-back: #e2f3e6; --partly: #7a4b00; --partly-back: #fdf0d2; --bad: #a31515; --bad-back: #fbe4e2;
  --unknown: #4a525c; --unknown-back: #e9ecef; --missing: #6b727b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --ink: #e4e7ea; --soft: #a5adb6; --line: #33393f; --accent: #7db8f2; --shade: #262b30;
    --loads: #86d99b; --loads-back: #173522; --partly: #f0c368; --partly-back: #3a2d10; --bad: #ff9d94; --bad-back: #421b1a;
    --unknown: #b6bec7; --unknown-back: #2b3137; --missing: #9aa2ab;
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
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: start; font-weight: 600; }
th, td { padding: .5rem .625rem; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .8125rem; font-weight: 500; vertical-align: bottom; }
.number { text-align: end; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; color: var(--soft); font-size: .875rem; }
.matrix { width: auto; }
.matrix thead th { min-width: 5.25rem; max-width: 8rem; }
.matrix thead .name { display: block; color: var(--ink); font-weight: 600; }
.matrix tbody th { min-width: 10rem; }
.matrix tbody th a { font-weight: 600; text-decoration: none; }
.matrix tbody th a:hover { text-decoration: underline; }
.matrix th:first-child { position: sticky; left: 0; background: var(--card); }
.matrix tbody tr:hover :is(th, td) { background: var(--shade); }
.matrix th small { font-variant-numeric: tabular-nums; }
.chips { display: grid; gap: .25rem; justify-items: start; }
.chip { position: relative; display: inline-block; min-width: 4.5rem; padding: .125rem .5rem; border-radius: .25rem; font-size: .8125rem; line-height: 1.4; text-decoration: none; white-space: nowrap; overflow-wrap: normal; }
.chip small { max-width: 8rem; color: inherit; font-size: .6875rem; line-height: 1.2; white-space: normal; }
a.chip:hover { text-decoration: underline; }
.sign { display: inline-grid; place-content: center; width: 1.35em; height: 1.35em; border-radius: .25rem; font-size: .8125rem; line-height: 1; }
.chip.loads, .sign.loads { background: var(--loads-back); color: var(--loads); }
.chip.no-secure-boot, .sign.no-secure-boot, .chip.no-driver-policy, .sign.no-driver-policy { background: var(--partly-back); color: var(--partly); }
.chip:is(.test-signing, .never), .sign:is(.test-signing, .never) { background: var(--bad-back); color: var(--bad); }
.chip.unknown, .sign.unknown { background: var(--unknown-back); color: var(--unknown); }
.chip.missing, .sign.missing { color: var(--missing); outline: 1px dashed var(--line); outline-offset: -1px; }
.arch { padding: 0 .375rem; border: 1px solid var(--line); border-radius: .25rem; font-size: .8125rem; color: var(--soft); white-space: nowrap; }
.path { white-space: normal; }
.files-of-release li { padding: .375rem 0; border-top: 1px solid var(--line); }
.digest { display: block; color: var(--soft); }
pre { margin: .25rem 0 .75rem; padding: .5rem .75rem; overflow-x: auto; background: var(--shade); border-radius: .25rem; }
pre code { overflow-wrap: normal; }
.steps { padding-inline-start: 1.25rem; }
.steps :not(pre) > code { padding: .0625rem .25rem; background: var(--shade); border-radius: .25rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .5rem 1.5rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
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
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; }
  body { font-size: 9pt; }
  header, main, footer { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 1.25rem 0; }
  nav, .skip { display: none; }
  .scroll { overflow: visible; }
  .sign, .verdict li { print-color-adjust: exact; }
  .matrix { width: 100%; font-size: 7.5pt; }
  .matrix thead th { min-width: 3.5rem; }
  .matrix tbody th { min-width: 0; }
  .matrix th, .matrix td { padding: .125rem .1875rem; }
  .matrix th :is(small, code) { font-size: 6.5pt; }
  .chip { min-width: 0; padding: 0 .1875rem; font-size: 7pt; print-color-adjust: exact; }
  .chip small { max-width: 4rem; font-size: 6pt; }
  tr, li, .verdict li { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
