// Bundles pipeline/page/browser/ into pipeline/page/browser-script.ts, which the release page contains.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Returns the source of browser-script.ts. */
export async function pageScriptModule() {
  const {
    outputFiles: [file],
  } = await build({
    entryPoints: [fileURLToPath(new URL('../pipeline/page/browser/page.ts', import.meta.url))],
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  const text = file.text.replaceAll('</', '<\\/').replace(/[\\`]|\$\{/g, '\\$&');
  return `// Written by scripts/write-page-script.mjs from browser/; change it there.\nexport const browserScript = \`${text}\`;\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await writeFile(new URL('../pipeline/page/browser-script.ts', import.meta.url), await pageScriptModule());
