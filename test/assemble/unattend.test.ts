import { expect, test } from 'vitest';
import { unattendFiles } from '../../pipeline/assemble/unattend.ts';
import { collectRelease, type Values } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const files = {
  ...driverFolder('Win11/amd64'),
  ...driverFolder('Win10/x86'),
  ...driverFolder('Win7/x86', { name: 'netkvm' }),
};

async function filesOf(release: Values = {}): Promise<Record<string, string>> {
  const made = await collectRelease({ files, release });
  return Object.fromEntries(unattendFiles(made.release.manifest, made.tree));
}

test('each Windows gets the paths of its storage drivers for the letters of CD drives, and a command without one', async () => {
  const made = await filesOf();
  expect(Object.keys(made)).toEqual([
    'unattend/w7-x86.xml',
    'unattend/w10-x86.xml',
    'unattend/w11-amd64.xml',
  ]);
  expect(made['unattend/w11-amd64.xml']).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="utf-8"?>
    <!-- Merge this into the autounattend.xml of Windows 11, amd64, whatever the drive of this disc. -->
    <unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
      <settings pass="windowsPE">
        <component name="Microsoft-Windows-PnpCustomizationsWinPE" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
          <DriverPaths>
            <PathAndCredentials wcm:action="add" wcm:keyValue="1"><Path>D:\\amd64\\w11</Path></PathAndCredentials>
            <PathAndCredentials wcm:action="add" wcm:keyValue="2"><Path>E:\\amd64\\w11</Path></PathAndCredentials>
            <PathAndCredentials wcm:action="add" wcm:keyValue="3"><Path>F:\\amd64\\w11</Path></PathAndCredentials>
            <PathAndCredentials wcm:action="add" wcm:keyValue="4"><Path>G:\\amd64\\w11</Path></PathAndCredentials>
            <PathAndCredentials wcm:action="add" wcm:keyValue="5"><Path>H:\\amd64\\w11</Path></PathAndCredentials>
          </DriverPaths>
        </component>
      </settings>
      <settings pass="specialize">
        <component name="Microsoft-Windows-Deployment" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
          <RunSynchronous>
            <RunSynchronousCommand wcm:action="add">
              <Order>1</Order>
              <Path>cmd /c "(for %d in (C D E F G H I J K L M N O P) do if exist %d:\\data\\info.json call %d:\\install.cmd /quiet &gt;&gt;%SystemRoot%\\Temp\\install-drivers.log 2&gt;&amp;1) &amp; exit 0"</Path>
            </RunSynchronousCommand>
          </RunSynchronous>
        </component>
      </settings>
    </unattend>
    "
  `);
  expect(made['unattend/w10-x86.xml']).toContain('<Path>H:\\i386\\w10</Path>');
  expect(made['unattend/w7-x86.xml']).not.toContain('windowsPE');
  for (const text of Object.values(made)) {
    expect(text).not.toMatch(/(?<!\r)\n|[^\r\n\x20-\x7e]/);
    // Microsoft, "RunSynchronousCommand | Path": at most 259 characters.
    const [, command = ''] = /<Path>(cmd .*)<\/Path>/.exec(text) ?? [];
    expect(command.replaceAll('&gt;', '>').replaceAll('&amp;', '&').length).toBeLessThan(260);
    expect(text.length).toBeLessThan(2048);
  }
});

test('an architecture whose drivers Setup finds by itself gets no second version of them', async () => {
  const made = await filesOf({ setupDrivers: { targets: ['w11/amd64'] } });
  expect(made['unattend/w11-amd64.xml']).not.toContain('windowsPE');
  expect(made['unattend/w10-x86.xml']).toContain('windowsPE');
});
