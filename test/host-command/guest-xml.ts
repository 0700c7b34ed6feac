/** A disk of a guest's XML. */
export interface Disk {
  readonly target: string;
  readonly bus: string;
  readonly device?: string;
  /** The file in it; none is an empty tray. */
  readonly source?: string;
  /** `controller.bus.target.unit` of its address. */
  readonly address?: string;
  /** More XML of its own. */
  readonly more?: string;
}

/** What a guest's XML says besides its disks. */
export interface Machine {
  readonly type?: string;
  /** Controllers as `type:index` or `type:index:model`. */
  readonly controllers?: readonly string[];
  readonly machine?: string;
}

const metadata = `  <metadata>
    <x:note xmlns:x="http://example.invalid/x" text='a &lt;disk&gt; of its own'><x:devices><disk type='file'/></x:devices></x:note>
  </metadata>
`;

/** Writes a guest's XML as libvirt does: one element per line, values in single quotes; with a metadata element full of traps. */
export function guestXml(
  disks: readonly Disk[],
  { type = 'kvm', controllers = ['sata:0'], machine = 'pc-q35-7.2' }: Machine = {},
): string {
  const lines = controllers.map((controller) => {
    const [kind, index, model] = controller.split(':');
    return `    <controller type='${kind}' index='${index}'${model === undefined ? '' : ` model='${model}'`}/>\n`;
  });
  return `<domain type='${type}' id='7'>
  <name>a guest</name>
${metadata}  <os>
    <type arch='${machine.startsWith('virt') ? 'aarch64' : 'x86_64'}' machine='${machine}'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${disks.map(diskXml).join('')}${lines.join('')}  </devices>
</domain>
`;
}

function diskXml({ target, bus, device = 'cdrom', source, address, more = '' }: Disk): string {
  const [controller, rail, place, unit] = (address ?? '').split('.');
  const where = `<address type='drive' controller='${controller}' bus='${rail}' target='${place}' unit='${unit}'/>`;
  return `    <disk type='file' device='${device}'>
      <driver name='qemu'/>
${source === undefined ? '' : `      <source file='${source}' index='2'/>\n`}      <target dev='${target}' bus='${bus}'/>
${device === 'cdrom' ? '      <readonly/>\n' : ''}${more}${address === undefined ? '' : `      ${where}\n`}    </disk>
`;
}
