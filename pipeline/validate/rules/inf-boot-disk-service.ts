import { headerLine, infSection, infValue } from '../../formats/inf/inf.ts';
import { associatesDevice, infServices } from '../../formats/inf/install.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { systemClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';

const diskClasses = new Set(['scsiadapter', 'hdc']);

export const infBootDiskService = defineRule({
  id: 'inf/boot-disk-service',
  severity: 'warning',
  scope: 'package',
  explain: `The driver of a disk controller (class SCSIAdapter or HDC) is not started at boot (StartType 0), or has no LoadOrderGroup.
StartType 0 is required of drivers that Windows needs to boot ("INF AddService Directive"): a guest whose system disk is on this controller stops with INACCESSIBLE_BOOT_DEVICE (0x7B); without a group the driver may start after the disks are searched.
Write StartType = 0 and LoadOrderGroup = SCSI miniport. A driver for disks that a guest never boots from may stay as it is.`,
  check: ({ inf, parsed, target }) => {
    const { class: className = '', classGuid = '' } = versionFacts(parsed);
    if (!diskClasses.has((systemClasses.get(classGuid) ?? className).toLowerCase())) return [];
    const services = infServices(parsed, target.arch).filter(
      (service) => associatesDevice(service) && service.type === 1,
    );
    return services.flatMap(({ name, section = '', start, loadOrderGroup, line }) => {
      const startLine = infValue(parsed, section, 'StartType')?.line ?? line;
      const hint = 'write StartType = 0 and LoadOrderGroup = SCSI miniport';
      const late = `the disk driver "${name}" has StartType ${start}, so a guest cannot boot from its disks`;
      const alone = `the disk driver "${name}" has no LoadOrderGroup`;
      return [
        ...(start === 0 || start === undefined ? [] : [{ path: inf, line: startLine, message: late, hint }]),
        ...(loadOrderGroup
          ? []
          : [{ path: inf, ...headerLine(infSection(parsed, section)), message: alone, hint }]),
      ];
    });
  },
});
