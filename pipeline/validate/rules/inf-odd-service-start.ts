import { headerLine, infSection, infValue } from '../../formats/inf/inf.ts';
import { associatesDevice, infServices, isDriverService } from '../../formats/inf/install.ts';
import { misspelledLoadOrderGroup } from '../../formats/windows/load-order-groups.ts';
import { drivesDisks } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';

export const infOddServiceStart = defineRule({
  id: 'inf/odd-service-start',
  severity: 'warning',
  scope: 'package',
  explain: `The function driver of a device is started automatically (StartType 2) or disabled (StartType 4), or that of a disk controller (class SCSIAdapter or HDC) has no LoadOrderGroup; or the LoadOrderGroup of a driver is spelled almost like one of Windows.
"INF AddService Directive" says that a driver of a Plug and Play device must not have 2, and that a device cannot be installed with 4: Windows reports Code 32 or 39 in the Device Manager. Without a group, or with one that Windows does not know, a disk driver may start after the disks are searched.
Write StartType = 3, or 0 and LoadOrderGroup = SCSI miniport for a driver that Windows needs to boot.`,
  check: ({ inf, parsed, target }) => {
    const services = infServices(parsed, target.arch).filter(
      (service) => associatesDevice(service) && isDriverService(service),
    );
    const odd = services
      .filter(({ start }) => start === 2 || start === 4)
      .map(({ name, section = '', start, line }) => ({
        path: inf,
        line: infValue(parsed, section, 'StartType')?.line ?? line,
        message: `the function driver "${name}" has StartType ${start} (${start === 4 ? 'disabled' : 'automatic'})`,
        hint: 'write StartType = 3, or 0 for a driver that Windows needs to boot',
      }));
    const alone = services
      .filter(({ type, loadOrderGroup }) => type === 1 && !loadOrderGroup && drivesDisks(parsed))
      .map(({ name, section = '' }) => ({
        path: inf,
        ...headerLine(infSection(parsed, section)),
        message: `the disk driver "${name}" has no LoadOrderGroup`,
        hint: 'write LoadOrderGroup = SCSI miniport',
      }));
    const misspelled = infServices(parsed, target.arch)
      .filter(isDriverService)
      .flatMap(({ name, section = '', loadOrderGroup = '' }) => {
        const group = misspelledLoadOrderGroup(loadOrderGroup);
        const { line } = infValue(parsed, section, 'LoadOrderGroup') ?? {};
        if (group === undefined || line === undefined) return [];
        const message = `the driver "${name}" has LoadOrderGroup "${loadOrderGroup}", which is not "${group}"`;
        return [{ path: inf, line, message, hint: `write LoadOrderGroup = ${group}` }];
      });
    return [...odd, ...alone, ...misspelled];
  },
});
