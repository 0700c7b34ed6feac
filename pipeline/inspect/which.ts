import { byCodeUnit } from '../core/order.ts';
import { knownDevice } from '../formats/windows/device-query.ts';
import { familyOfId } from '../formats/windows/driver-family.ts';
import type { GuestDevice } from '../formats/windows/guest-device.ts';
import { type HardwareId, matchHardwareId, parseHardwareId } from '../formats/windows/hardware-id.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import type { DeviceAnswer, InputAnswer } from './which-schema.ts';

/** The driver packages of one input. */
export interface WhichInput {
  readonly input: string;
  readonly drivers: readonly RecordedFacts[];
}

/** Returns what a device is, and its drivers in each input. */
export function answerFor(id: HardwareId, inputs: readonly WhichInput[]): DeviceAnswer {
  const known = knownDevice(id);
  const answers = inputs.map(({ input, drivers }) => ({ input, ...driversFor(id, drivers) }));
  return {
    id: id.text,
    ...(known !== undefined && { device: known.name, ...driversOf(id, known) }),
    ...(known?.inbox !== undefined && { inbox: known.inbox }),
    ...(answers.length > 0 && { served: answers.some(({ drivers }) => drivers.length > 0) }),
    inputs: answers,
  };
}

function driversOf(id: HardwareId, { drivers }: GuestDevice) {
  return familyOfId(id) === 'xenpv'
    ? { virtioWinDrivers: [], xenPvDrivers: [...drivers] }
    : { virtioWinDrivers: [...drivers] };
}

function driversFor(
  device: HardwareId,
  drivers: readonly RecordedFacts[],
): Pick<InputAnswer, 'drivers' | 'near'> {
  const near = new Set<string>();
  const found = drivers.flatMap((facts) => {
    const { hardwareIds = [], compatibleIds = [] } = facts;
    const offers = [...hardwareIds, ...compatibleIds].map((id) => ({
      id,
      fit: matchHardwareId(device, parseHardwareId(id)),
    }));
    for (const { id, fit } of offers) if (fit === 'near') near.add(id);
    const best = offers.find(({ fit }) => fit === 'full') ?? offers.find(({ fit }) => fit === 'partial');
    return best === undefined ? [] : [foundDriver(facts, best.id, best.fit === 'full' ? 'full' : 'partial')];
  });
  found.sort((a, b) => byCodeUnit(a.inf, b.inf));
  return { drivers: found, near: found.length > 0 ? [] : [...near].sort(byCodeUnit) };
}

function foundDriver(facts: RecordedFacts, id: string, fit: 'full' | 'partial') {
  const { driver, target, inf, name, driverVer, class: setupClass, signature, loads } = facts;
  return {
    driver,
    target,
    inf,
    ...(name !== undefined && { name }),
    ...(driverVer !== undefined && { driverVer }),
    ...(setupClass !== undefined && { class: setupClass }),
    signature,
    ...(loads !== undefined && { loads }),
    id,
    fit,
  };
}
