import type { Inf } from '../../formats/inf/inf.ts';
import { isStrings, usedStrings } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infTemplateToken = defineRule({
  id: 'inf/template-token',
  severity: 'error',
  scope: 'package',
  explain: `The INF has an unreplaced placeholder of its template, such as $ARCH$, INX_…, _INX_SUBSYS_VENDOR_ID or @TOKEN@.
Windows reads the placeholder literally, so that a device ID, a section or a version is wrong and the device is not found.
Use the INF that the driver build made, not its template, and make sure that the build replaces the placeholder.
The rule skips strings that no line uses.`,
  check: ({ inf, parsed }) =>
    templateTokens(parsed).map(({ token, line }) => ({
      path: inf,
      line,
      message: `has the template placeholder ${token}`,
      hint: 'use the INF that the driver build made from the template',
    })),
});

/** Placeholders of stampinf and of the templates of virtio-win and the Xen drivers; Qualcomm's certified INFs have `INX_R` for ® in names. */
const placeholder =
  /\$(?:ARCH|KMDFVERSION|KMDFCOINSTALLERVERSION|UMDFVERSION)\$|(?<![A-Za-z])INX_[A-Z]\w+|@[A-Z][A-Z0-9_]*@/g;

function templateTokens(inf: Inf): { readonly token: string; readonly line: number }[] {
  const found = new Map<string, { readonly token: string; readonly line: number }>();
  const look = (text: string, line: number) => {
    for (const [token] of text.matchAll(placeholder)) found.set(`${line} ${token}`, { token, line });
  };
  const used = usedStrings(inf);
  for (const [section, { name, lines, entries }] of inf.sections) {
    look(name, lines[0] ?? 0);
    for (const { raw, line } of entries) {
      if (isStrings(section) && !used.has(raw.key?.toLowerCase() ?? '')) continue;
      for (const text of [raw.key ?? '', ...raw.values]) look(text, line);
    }
  }
  return [...found.values()];
}
