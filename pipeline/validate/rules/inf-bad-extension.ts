import { headerLine, infSection, infValue } from '../../formats/inf/inf.ts';
import { associatesDevice, infServices } from '../../formats/inf/install.ts';
import { guidPattern, isExtension } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const infBadExtension = defineRule({
  id: 'inf/bad-extension',
  severity: 'error',
  scope: 'package',
  explain: `An extension INF (Class = Extension) has no ExtensionId, one that is not a GUID in braces, or defines the function service of the device.
Windows cannot tell which extension it updates and does not apply it; the function service belongs to the base INF ("Using an Extension INF File").
Write ExtensionId = {GUID} in [Version], new for the first version and the same for its updates, and add services without the flag 0x2.`,
  check: ({ inf, parsed, target }) => {
    if (!isExtension(parsed)) return [];
    const id = infValue(parsed, 'Version', 'ExtensionId');
    const hint = 'write ExtensionId = {GUID} in [Version]';
    const header = headerLine(infSection(parsed, 'Version'));
    const line = id === undefined ? header : { line: id.line };
    const message =
      id === undefined
        ? 'the extension has no ExtensionId'
        : `its ExtensionId "${id.value}" is no GUID in braces`;
    const unidentified = id === undefined || !guidPattern.test(id.value);
    return [
      ...(unidentified ? [{ path: inf, ...line, message, hint }] : []),
      ...infServices(parsed, target.arch)
        .filter((service) => service.name !== '' && associatesDevice(service))
        .map((service) => ({
          path: inf,
          line: service.line,
          message: `the extension makes "${service.name}" the function service of the device`,
          hint: 'remove the flag 0x2 from this AddService',
        })),
    ];
  },
});
