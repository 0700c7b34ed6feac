import { infValue } from '../../formats/inf/inf.ts';
import { associatesDevice, infServices, isDriverService } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infOddServiceStart = defineRule({
  id: 'inf/odd-service-start',
  severity: 'warning',
  scope: 'package',
  explain: `The function driver of a device is started automatically (StartType 2) or disabled (StartType 4).
"INF AddService Directive" says that a driver of a Plug and Play device must not have 2, and that a device cannot be installed with 4: Windows reports Code 32 or 39 in the Device Manager.
Write StartType = 3, or 0 for a driver that Windows needs to boot.`,
  check: ({ inf, parsed, target }) =>
    infServices(parsed, target.arch)
      .filter((service) => associatesDevice(service) && isDriverService(service))
      .filter(({ start }) => start === 2 || start === 4)
      .map(({ name, section = '', start, line }) => ({
        path: inf,
        line: infValue(parsed, section, 'StartType')?.line ?? line,
        message: `the function driver "${name}" has StartType ${start} (${start === 4 ? 'disabled' : 'automatic'})`,
        hint: 'write StartType = 3, or 0 for a driver that Windows needs to boot',
      })),
});
