import { modelsFor } from '../../formats/inf/install.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { malformedPart } from '../../formats/windows/hardware-id.ts';
import { defineRule } from '../define.ts';

export const infMalformedHardwareId = defineRule({
  id: 'inf/malformed-hardware-id',
  severity: 'warning',
  scope: 'package',
  explain: `A hardware or compatible ID in the INF is not of the form that Windows gives devices: a lost backslash, a vendor or device number without four hexadecimal digits, an unknown part, or more than 199 characters.
No device has such an ID, so Windows never chooses the driver by it. The other IDs of the INF still work.
Write the ID as Device Manager shows it, such as "PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01".
The rule checks PCI and USB IDs (Microsoft, "Identifiers for PCI Devices" and "Standard USB Identifiers").`,
  check: ({ inf, parsed, target: { arch } }) =>
    modelsFor(parsed, arch).flatMap((model) =>
      modelIds(model).flatMap((id) => {
        const fact = malformedPart(id);
        if (fact === undefined || placeholder.test(id)) return [];
        return [
          {
            path: inf,
            line: model.line,
            message: `offers "${id.slice(0, 80)}", which no device has: ${fact}`,
            hint: 'write the ID as Device Manager shows it: PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01',
          },
        ];
      }),
    ),
});

/** What inf/template-token reports. */
const placeholder = /[$@]|INX_/;
