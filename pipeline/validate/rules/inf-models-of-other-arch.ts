import { someOf } from '../../core/text.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { archFacts } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infModelsOfOtherArch = defineRule({
  id: 'inf/models-of-other-arch',
  severity: 'info',
  scope: 'package',
  explain: `The INF also has devices for another processor architecture than its folder.
Windows skips them; an INF for several architectures is allowed when its folder has the files of each.
Nothing has to be done, unless the INF was meant for that architecture alone.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const others = modelsSections(parsed).filter(
      ({ present, target }) => present && target?.arch !== undefined && target.arch !== archFacts[arch].inf,
    );
    const decorations = someOf(others.map(({ decoration }) => decoration));
    return others.slice(0, 1).map(({ line }) => ({
      path: inf,
      line,
      message: `also has models for ${decorations}, and its folder is for ${arch}`,
      hint: 'leave it when one INF serves several architectures, else put the right INF there',
    }));
  },
});
