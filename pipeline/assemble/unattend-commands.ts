import type { Manifest } from '../manifest/manifest.ts';
import { enrolmentFolder, infoPath, installPath } from '../model/disc-layout.ts';
import type { DriverFacts } from '../model/driver-facts.ts';

/** Letters that a CD drive can have in the installed Windows; X is that of Windows PE. */
const letters = 'C D E F G H I J K L M N O P';
const logName = 'install-drivers.log';

/**
 * Returns the `RunSynchronous` of an answer file: it trusts the certificates of the disc where the release asks for it, and installs the
 * drivers. install.cmd looks whether test-signing mode is on, so that Windows restarts first and continues with the next command
 * (Microsoft, "WillReboot").
 */
export function unattendCommands(
  { release }: Pick<Manifest, 'release'>,
  drivers: readonly DriverFacts[],
): string {
  const own = release.sign?.enrol ? drivers : [];
  const trust = `${enrolmentFolder}\\trust.cmd`;
  const testMode = `${enrolmentFolder}\\test-mode.cmd`;
  const commands = [
    ...(own.some(({ signature }) => signature === 'self-signed') ? [synchronous(trust, trust, '/y')] : []),
    ...(own.some(({ loads }) => loads === 'test-signing')
      ? [`${synchronous(testMode, testMode, '/y')}<WillReboot>Always</WillReboot>`]
      : []),
    synchronous(infoPath.replaceAll('/', '\\'), installPath, '/quiet'),
  ];
  const ordered = commands.map((command, index) =>
    ['', `<Order>${index + 1}</Order>`, ...command.split(/(?<=<\/Path>)/)].join('\n          '),
  );
  return `      <RunSynchronous>
${ordered.map((command) => `        <RunSynchronousCommand wcm:action="add">${command}\n        </RunSynchronousCommand>\n`).join('')}      </RunSynchronous>
`;
}

/** Runs a script of the disc, which has a file, on whatever drive that is. */
function synchronous(file: string, script: string, option: string): string {
  return `<Path>cmd /c "(for %d in (${letters}) do if exist %d:\\${file} call %d:\\${script} ${option} &gt;&gt;%SystemRoot%\\Temp\\${logName} 2&gt;&amp;1) &amp; exit 0"</Path>`;
}
