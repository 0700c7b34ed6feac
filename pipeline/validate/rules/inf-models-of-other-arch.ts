import { someOf } from '../../core/text.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { archFacts } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infModelsOfOtherArch = defineRule({
  id: 'inf/models-of-other-arch',
  severity: 'info',
  scope: 'package',
  explain: `The INF also has models for another processor architecture than its folder.
Windows skips them; an INF for several architectures is valid when its folder has the files of each.
No action is needed, unless the INF was meant for the other architecture only.`,
  check: ({ inf, parsed, target: { arch }, anyArch }) => {
    if (anyArch) return [];
    const others = modelsSections(parsed).filter(
      ({ present, target }) => present && target?.arch !== undefined && target.arch !== archFacts[arch].inf,
    );
    const decorations = someOf(others.map(({ decoration }) => decoration));
    return others.slice(0, 1).map(({ line }) => ({
      path: inf,
      line,
      message: `also has models for ${decorations}, but its folder is for ${arch}`,
      hint: 'ignore this if one INF serves several architectures, otherwise use the INF for this architecture',
    }));
  },
});
