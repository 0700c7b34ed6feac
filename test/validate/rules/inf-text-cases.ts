import type { RuleCases } from '../../contracts/rule-contract.ts';
import { type Change, changed, changedFolder, encodedFolder, withLineFeeds } from './changed-inf.ts';

const w10 = 'viostor/w10/x86/viostor.inf';
const w7 = 'viostor/w7/x86/viostor.inf';
const wanted = 'but Windows reads ANSI or UTF-16LE with a byte order mark';
const device: Change = ['DeviceDesc = "viostor test driver', 'DeviceDesc = "Gerät'];

/** The cases of the rules about an INF's bytes and lines, whatever its sections say. */
export const infTextCases: Readonly<Record<string, RuleCases>> = {
  'inf/dangling-continuation': {
    passes: changed(['ErrorControl = 1', 'ErrorControl = \\\r\n  1']),
    fails: changed(['%12%\\viostor.sys', '%12%\\viostor.sys \\']),
    findings: [`${w10}:42: the line ends in a backslash, but no continuation follows`],
  },
  'inf/encoding': {
    passes: { files: encodedFolder('Win10/x86', 'utf16le', '\ufeff') },
    fails: {
      files: {
        ...encodedFolder('Win10/x86', 'utf8', '\ufeff'),
        ...encodedFolder('Win7/x86', 'utf16le', ''),
        ...encodedFolder('Win11/ARM64', 'utf16be', '\ufeff'),
      },
    },
    findings: [
      `${w10}: is in UTF-8 with a byte order mark, ${wanted}`,
      `viostor/w11/ARM64/viostor.inf: is in UTF-16BE with a byte order mark, ${wanted}`,
      `${w7}: is in UTF-16LE without a byte order mark, ${wanted}`,
    ],
  },
  'inf/lf-line-ends': {
    passes: changed(['[Strings]\r\n', '[Strings]\n']),
    fails: { files: withLineFeeds(changedFolder('Win10/x86')) },
    findings: [`${w10}: its lines end in LF, not CRLF`],
  },
  'inf/non-ascii-text': {
    passes: {
      files: {
        ...encodedFolder('Win10/x86', 'latin1', '; © nobody\r\n'),
        ...encodedFolder('Win7/x86', 'utf16le', '\ufeff', device),
      },
    },
    fails: {
      files: {
        ...encodedFolder('Win10/x86', 'utf8', '', device, ['pvdisc project', 'Größe']),
        ...encodedFolder('Win7/x86', 'latin1', '', device),
      },
    },
    findings: [
      `${w10}:45: has non-ASCII characters but is not in UTF-16: "GrÃ¶ÃŸe" and 1 more`,
      `${w7}:46: has non-ASCII characters but is not in UTF-16: "Gerät"`,
    ],
  },
  'inf/text-before-section': {
    passes: changed(['[Version]', '; /*++\r\n; Abstract: a driver\r\n\r\n[Version]']),
    fails: changed(['[Version]', '/*++\r\nAbstract: a driver, "x\r\n--*/\r\n[Version]']),
    findings: [`${w10}:3: has text before its first section: "/*++"`],
  },
  'inf/unreadable': {
    passes: changed(),
    fails: {
      ...changed(),
      tree: (tree) => ({
        ...tree,
        upstream: {
          content: { file: 'x.iso', sha256: '', size: 0 },
          label: 'virtio-win-0.1.9',
          unreadable: [{ place: w10, message: 'is not an INF' }],
        },
      }),
    },
    findings: [`${w10}: is not an INF`],
  },
};
