import { infServices, modelsFor } from '../../formats/inf/install.ts';
import { type Model, modelIds } from '../../formats/inf/models.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { knownDevice } from '../../formats/windows/device-query.ts';
import type { GuestDevice } from '../../formats/windows/guest-device.ts';
import { guestDevices } from '../../formats/windows/guest-devices.ts';
import { parseHardwareId } from '../../formats/windows/hardware-id.ts';
import { systemClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const infDeviceOfOtherKind = defineRule({
  id: 'inf/device-of-other-kind',
  severity: 'error',
  scope: 'package',
  explain: `The INF claims a device of virtio, QEMU or Xen of another kind than its own: its setup class cannot drive the device (a storage driver claims the network device), one install section claims two kinds of virtio devices, or an ID names all devices of the vendor 1AF4.
Windows installs the driver for that device, which then does not start, and a better driver is not chosen.
Remove the ID, or correct its digits. A null driver and an extension INF may name several devices.`,
  check: (driverPackage) => {
    const { inf, parsed, target } = driverPackage;
    const setupClass = classOf(driverPackage);
    if (setupClass.toLowerCase() === 'extension') return [];
    const isNull = !infServices(parsed, target.arch).some(({ name }) => name !== '');
    const firstKinds = new Map<string, GuestDevice>();
    return modelsFor(parsed, target.arch).flatMap((model) =>
      modelIds(model).flatMap((id) => {
        const fact = claimsAll(id) ?? otherKind(id, { model, setupClass, isNull, firstKinds });
        if (fact === undefined) return [];
        const hint = 'remove the ID, or correct its digits';
        return [{ path: inf, line: model.line, message: `claims ${id}, ${fact}`, hint }];
      }),
    );
  },
});

interface Claim {
  readonly model: Model;
  readonly setupClass: string;
  readonly isNull: boolean;
  /** The first virtio device of each install section. */
  readonly firstKinds: Map<string, GuestDevice>;
}

function classOf({ parsed }: Pick<PackageFacts, 'parsed'>): string {
  const { class: name = '', classGuid = '' } = versionFacts(parsed);
  return systemClasses.get(classGuid) ?? name;
}

function claimsAll(id: string): string | undefined {
  const { bus, parts } = parseHardwareId(id);
  const isVendor = bus === 'PCI' && parts.size === 1 && ['1AF4', '1B36'].includes(parts.get('VEN') ?? '');
  return isVendor ? 'which is every device of that vendor' : undefined;
}

/** Classes that drive one kind of device each, and no other. */
const exclusiveClasses = new Set(
  guestDevices.flatMap(({ classes = [] }) => classes.map((name) => name.toLowerCase())),
);

function otherKind(id: string, { model, setupClass, isNull, firstKinds }: Claim): string | undefined {
  const device = knownDevice(parseHardwareId(id));
  if (device === undefined) return undefined;
  const given = setupClass.toLowerCase();
  const { classes = [], drivers } = device;
  const isJudged = classes.length > 0 || drivers.length > 0;
  const isFitting = classes.some((name) => name.toLowerCase() === given);
  if (isJudged && exclusiveClasses.has(given) && !isFitting)
    return `the ${device.name}, but its class is ${setupClass}`;
  if (isNull || !device.kind.startsWith('virtio-')) return undefined;
  const section = model.installSection.toLowerCase();
  const first = firstKinds.get(section) ?? device;
  firstKinds.set(section, first);
  if (first.kind === device.kind) return undefined;
  return `the ${device.name}, in [${model.installSection}], which drives the ${first.name}`;
}
