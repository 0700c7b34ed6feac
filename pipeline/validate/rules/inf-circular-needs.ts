import { type Inf, infEntries } from '../../formats/inf/inf.ts';
import { includesOf } from '../../formats/inf/needs.ts';
import { defineRule } from '../define.ts';

export const infCircularNeeds = defineRule({
  id: 'inf/circular-needs',
  severity: 'warning',
  scope: 'package',
  explain: `Needs of a section names the section itself, or a section whose Needs leads back to it.
Microsoft documents that Needs cannot be nested ("INF DDInstall Section"), and a circle means that one of the names is wrong: what the right section does is missing.
Name the section that holds the wanted lines, or remove the line.`,
  check: ({ inf, parsed }) =>
    circles(parsed).map(({ section, needed, line }) => ({
      path: inf,
      line,
      message: `[${section}] needs [${needed}]${section.toLowerCase() === needed.toLowerCase() ? ', which is itself' : ', which leads back to it'}`,
      hint: 'name the section that holds the wanted lines, or remove the line',
    })),
});

interface Need {
  readonly section: string;
  readonly needed: string;
  readonly line: number;
}

/** Returns the needs that close a circle, by a search in depth; an INF can have thousands of sections. */
function circles(inf: Inf): Need[] {
  const [open, done] = [new Set<string>(), new Set<string>()];
  const closing: Need[] = [];
  for (const start of inf.sections.keys()) {
    const path = done.has(start) ? [] : [{ name: start, needs: needsIn(inf, start) }];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      open.add(last.name);
      const need = last.needs.pop();
      if (need === undefined) {
        open.delete(last.name);
        done.add(last.name);
        path.pop();
        continue;
      }
      const name = need.needed.toLowerCase();
      if (open.has(name)) closing.push(need);
      else if (!done.has(name)) path.push({ name, needs: needsIn(inf, name) });
    }
  }
  return closing;
}

/** A section of the same name is one of the included INF. */
function needsIn(inf: Inf, name: string): Need[] {
  const section = inf.sections.get(name)?.name ?? name;
  const isIncluding = includesOf(inf, section).length > 0;
  return infEntries(inf, section, 'Needs').flatMap(({ values, line }) =>
    values
      .filter((needed) => needed !== '' && !(isIncluding && needed.toLowerCase() === name))
      .map((needed) => ({ section, needed, line })),
  );
}
