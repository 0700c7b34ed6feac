/** What a section of an INF of Windows does for a driver that names it in `Needs`. */
export interface InboxSection {
  /** Whether it gives the device its function service, or makes it a null driver. */
  readonly isFunction?: boolean;
  /** The files of Windows that it copies; lower case. */
  readonly copies?: readonly string[];
}

type Sections = Readonly<Record<string, InboxSection>>;

/** An install section with its `.HW` and `.Services`, which install a function driver of Windows. */
function functionDriver(name: string, ...copies: readonly string[]): Sections {
  return { [name]: { copies }, [`${name}.hw`]: {}, [`${name}.services`]: { isFunction: true } };
}

/** An install section with its `.HW` and `.Services`, which install a filter or a companion of the function driver. */
function filterDriver(name: string, ...copies: readonly string[]): Sections {
  return { [name]: { copies }, [`${name}.hw`]: {}, [`${name}.services`]: {} };
}

/** Registry settings of a PCI device: Windows 10 has them in `pci.inf`, Windows 8 in `machine.inf`. */
const pciSettings: Sections = {
  pcid3coldsupported: {},
  'pcid3coldsupported.hw': {},
  pciiospacenotrequired: {},
  'pciiospacenotrequired.hw': {},
};

/**
 * Sections of INFs of Windows that drivers include, by INF and section name in lower case. The list is not complete: a section that it
 * lacks can do anything. The facts are from the pages and samples of Microsoft that each entry names.
 */
const inboxInfs: ReadonlyMap<string, Sections> = new Map([
  // "Updating the INF: WUDFRd" and the UMDF samples of Windows-driver-samples, whose devices have no other service.
  ['wudfrd.inf', functionDriver('wudfrd.nt', 'wudfrd.sys')],
  // "WinUSB (Winusb.sys) Installation".
  ['winusb.inf', functionDriver('winusb.nt', 'winusb.sys')],
  // "USB CDC Control Model: EnumeratorClass", which loads Usbccgp.sys this way.
  ['usb.inf', functionDriver('composite.dev.nt', 'usbccgp.sys')],
  // "USB serial driver (Usbser.sys)" for Windows before 10; the section lists usbser.sys and nothing else.
  ['mdmcpq.inf', { fakemodemcopyfilesection: { copies: ['usbser.sys'] } }],
  // "Creating an INF file for a HID minidriver"; the section installs HidUsb.
  ['input.inf', functionDriver('hid_inst.nt', 'hidusb.sys', 'hidclass.sys', 'hidparse.sys')],
  // Sample vhidmini2: the driver itself is a filter, and MsHidKmdf or MsHidUmdf the function driver.
  ['mshidkmdf.inf', functionDriver('mshidkmdf.nt', 'mshidkmdf.sys')],
  ['mshidumdf.inf', functionDriver('mshidumdf.nt', 'mshidumdf.sys')],
  // Sample firefly, a filter of the HID mouse.
  ['msmouse.inf', functionDriver('hid_mouse_inst.nt', 'mouhid.sys', 'mouclass.sys')],
  // "SetupWriteTextLogInfLine", whose example is this list of registry values.
  ['hidserv.inf', { hidserv_addservice_addreg: {} }],
  // "INF Models Section"; Windows 7 has msahci.sys, Windows 8 and later storahci.sys in the same section.
  [
    'mshdc.inf',
    {
      ...functionDriver('atapi_inst', 'atapi.sys'),
      ...functionDriver('pciide_inst', 'pciide.sys', 'pciidex.sys', 'atapi.sys'),
      ...functionDriver('msahci_inst', 'msahci.sys', 'storahci.sys'),
    },
  ],
  // "I/O Resource Usage Reduction" and "Enabling D3cold"; NO_DRV is the null driver (AddService = ,2) of system devices.
  ['machine.inf', { ...pciSettings, no_drv: {}, 'no_drv.services': { isFunction: true } }],
  ['pci.inf', pciSettings],
  // "Virtual WiFi in INF files" (Native 802.11): VWiFiBus is a filter of the adapter.
  [
    'netvwifibus.inf',
    {
      'vwifibus.copyfiles': { copies: ['vwifibus.sys'] },
      'vwifibus.services': {},
      'vwifibus.pnpfilterregistration': {},
      'vwifibus.pnpfilterregistration.hw': {},
    },
  ],
  // Samples netvadapter and wificxsampleclient: NetCx is a filter.
  ['netcxrd.inf', { ...filterDriver('netcxrd_filter.nt'), 'netcxrd_filter.nt.filters': {} }],
  // "INF files for audio": registration of kernel streaming, which adds no service to the device.
  ['ks.inf', { 'ks.registration': {} }],
  ['kscaptur.inf', { 'kscaptur.registration': {}, 'kscaptur.registration.nt': {} }],
  ['wdmaudio.inf', { 'wdmaudio.registration': {} }],
]);

/** Returns what is known of a section in one of these INFs of Windows, with the INF's name; the comparison ignores case. */
export function inboxSection(
  infs: readonly string[],
  section: string,
): (InboxSection & { readonly inf: string }) | undefined {
  for (const inf of infs) {
    const found = inboxInfs.get(inf.toLowerCase())?.[section.toLowerCase()];
    if (found !== undefined) return { ...found, inf };
  }
  return undefined;
}
