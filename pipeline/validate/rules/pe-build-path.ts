import { defineRule } from '../define.ts';

export const peBuildPath = defineRule({
  id: 'pe/build-path',
  severity: 'info',
  scope: 'tree',
  explain: `A binary contains the path of its program database (PDB) in the home folder of a person, with the name of the account.
Windows does not use the path, but everyone who gets the disc can read it.
Link with /PDBALTPATH:%_PDB%, which writes the file name only, or build in another folder.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { symbolPath = '' }]) => {
      const [, user] =
        /^(?:[a-z]:[\\/](?:users|documents and settings)|\/home|\/Users)[\\/]([^\\/]+)[\\/]/i.exec(
          symbolPath,
        ) ?? [];
      if (user === undefined || sharedAccounts.test(user)) return [];
      return [
        {
          path,
          message: `contains the path "${symbolPath}" of the machine that built it`,
          hint: 'link it with /PDBALTPATH:%_PDB%',
        },
      ];
    }),
});

/** Accounts that name no person: of Windows, and of build services. */
const sharedAccounts =
  /^(public|default|all users|administrator|admin|user|root|builder?|build|buildbot|jenkins|runneradmin|runner|appveyor|vagrant|containeradministrator|vssadministrator|circleci|travis|ci)$/i;
