import type { Problem } from '../../core/errors.ts';
import { folderOf } from '../../core/paths.ts';
import { alignColumns, printable, someOf } from '../../core/text.ts';
import { driverVerParts } from '../../formats/inf/version.ts';
import type { DeviceAnswer, InputAnswer } from '../../inspect/which-schema.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { loadWords } from '../../model/signature-words.ts';

/** Returns a table of the drivers for each device; without inputs, what the device is. */
export function whichText(devices: readonly DeviceAnswer[], targets: readonly TargetRow[]): string {
  const blocks = devices
    .filter(({ served }) => served !== false)
    .filter(({ device, inputs }) => device !== undefined || inputs.length > 0)
    .map((answer) => [
      headline(answer),
      ...answer.inputs.flatMap((input) => inputLines(input, answer, targets)),
    ]);
  return blocks.map((lines) => `${lines.map(printable).join('\n')}\n`).join('\n');
}

/** Returns a problem for each device without a driver, and without inputs for each unknown device. */
export function whichProblems(devices: readonly DeviceAnswer[]): Problem[] {
  return devices
    .filter(({ served, device }) => served === false || (served === undefined && device === undefined))
    .map((answer) => {
      const { id, device = 'not in the table of devices of virtio, QEMU and Xen', inputs } = answer;
      const places = someOf(inputs.map(({ input }) => input));
      const fact = inputs.length === 0 ? '' : `; no driver in ${places} serves it`;
      return { place: id, message: `${device}${fact}`, hint: nextStep(answer) };
    });
}

function headline(answer: DeviceAnswer): string {
  const { id, device, inputs } = answer;
  if (device === undefined) return id;
  return inputs.length === 0 ? `${id}: ${device}; ${origin(answer)}` : `${id}: ${device}`;
}

function inputLines(
  { input, drivers, near }: InputAnswer,
  answer: DeviceAnswer,
  targets: readonly TargetRow[],
): string[] {
  const title = answer.inputs.length > 1 ? [`${input}:`] : [];
  if (drivers.length === 0)
    return [...title, `  no driver${near.length === 0 ? '' : `; nearest: ${someOf(near)}`}`];
  const rows = drivers.map(({ driver, target, inf, driverVer = '', loads, fit }) => [
    fit === 'partial' ? `${driver}*` : driver,
    targets.find(({ os, arch }) => os === target.os && arch === target.arch)?.windows ?? target.os,
    target.arch,
    driverVerParts(driverVer)[1] ?? '-',
    folderOf(inf),
    loads === undefined ? '-' : loadWords[loads],
  ]);
  const narrower = drivers.filter(({ fit }) => fit === 'partial').map(({ id }) => id.toUpperCase());
  return [
    ...title,
    ...alignColumns([headings, ...rows]).map((line) => `  ${line}`),
    ...[...new Set(narrower)].map((id) => `  *: only devices with ${id}`),
  ];
}

const headings = ['driver', 'Windows', 'arch', 'version', 'folder', 'loads'];

/** Returns where a known device gets its driver from. */
function origin({ virtioWinDrivers = [], xenPvDrivers = [], inbox }: DeviceAnswer): string {
  if (inbox !== undefined) return `Windows has its own driver ${inbox}`;
  if (xenPvDrivers.length > 0) return `its driver among the Xen PV drivers is ${xenPvDrivers.join(' or ')}`;
  if (virtioWinDrivers.length === 0) return 'no driver for Windows is known';
  return `its driver in virtio-win is ${virtioWinDrivers.join(' or ')}`;
}

function nextStep(answer: DeviceAnswer): string {
  const { id, device, inputs } = answer;
  const near = inputs.flatMap((input) => input.near);
  if (near.length > 0) return `the nearest IDs in INFs have another subsystem or revision: ${someOf(near)}`;
  if (device !== undefined) return origin(answer);
  const [, vendor, product] = /^PCI\\VEN_(?!1AF4|1B36)(....)&DEV_(....)$/.exec(id) ?? [];
  const usb = vendor === undefined ? '' : `; as a USB device it is USB\\VID_${vendor}&PID_${product}`;
  const check = `check the ID in Device Manager: Details, Hardware Ids${usb}`;
  return /^PCI\\VEN_(?:1AF4|1B36)&/.test(id) ? check : `Windows may have its own driver; or ${check}`;
}
