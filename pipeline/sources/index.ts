import { archive } from './archive/archive.ts';
import { directory } from './directory.ts';
import { git } from './git/git.ts';
import { http } from './http.ts';
import { iso } from './iso.ts';
import { sample } from './sample/sample.ts';
import { submission } from './submission/submission.ts';

/** Every source type, by the `type` in a release. */
export const sources = { directory, archive, iso, git, http, sample, submission };
