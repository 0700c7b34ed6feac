/** What a section of an INF of Windows does for a driver that names it in `Needs`. */
export interface InboxSection {
  /** Whether it gives the device its function service, or makes it a null driver. */
  readonly isFunction?: boolean;
}

type Sections = Readonly<Record<string, InboxSection>>;

/** An install section with its `.HW` and `.Services`, which install a function driver of Windows. */
function functionDriver(name: string): Sections {
  return { [name]: {}, [`${name}.hw`]: {}, [`${name}.services`]: { isFunction: true } };
}

/** An install section with its `.HW`, `.Services` and `.Filters`, which install a filter of the function driver. */
function filterDriver(name: string): Sections {
  return { [name]: {}, [`${name}.hw`]: {}, [`${name}.services`]: {}, [`${name}.filters`]: {} };
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
 * lacks can do anything. What the sections copy is not listed: the binaries are those of `inboxBinaries`. Each entry names the page or
 * sample of Microsoft that it is from. "Certified drivers" are those of the DriverPack Solution repositories whose devices have no other
 * function service.
 */
const inboxInfs: ReadonlyMap<string, Sections> = new Map([
  // "Updating the INF: WUDFRd" and the UMDF samples of Windows-driver-samples; the lower filter is in sample vhidmini2.
  ['wudfrd.inf', { ...functionDriver('wudfrd.nt'), ...filterDriver('wudfrd_lowerfilter.nt') }],
  // "WinUSB (Winusb.sys) Installation".
  ['winusb.inf', functionDriver('winusb.nt')],
  // "USB CDC Control Model: EnumeratorClass", which loads Usbccgp.sys this way.
  ['usb.inf', functionDriver('composite.dev.nt')],
  // "USB serial driver (Usbser.sys)" for Windows before 10.
  ['mdmcpq.inf', { fakemodemcopyfilesection: {} }],
  // "Creating an INF file for a HID minidriver"; the public copies of input.inf of Windows Server 2003 have both with the service HidUsb.
  ['input.inf', { ...functionDriver('hid_inst.nt'), ...functionDriver('hid_selsus_inst.nt') }],
  // Sample vhidmini2: the driver itself is a filter, and MsHidKmdf or MsHidUmdf the function driver.
  ['mshidkmdf.inf', functionDriver('mshidkmdf.nt')],
  ['mshidumdf.inf', functionDriver('mshidumdf.nt')],
  // Sample firefly, a filter of the HID mouse.
  ['msmouse.inf', functionDriver('hid_mouse_inst.nt')],
  // "Calling SetupWriteTextLogInfLine" has this list of registry values; drivers name nothing else of this INF.
  ['hidserv.inf', { hidserv_addservice_addreg: {} }],
  // "INF Models Section", and certified drivers of Intel and AMD.
  [
    'mshdc.inf',
    {
      ...functionDriver('atapi_inst'),
      ...functionDriver('intelide_inst'),
      ...functionDriver('pciide_inst'),
      ...functionDriver('msahci_inst'),
    },
  ],
  // "I/O Resource Usage Reduction" and "Enabling D3cold"; certified chipset drivers of Intel have no service besides the others.
  [
    'machine.inf',
    {
      ...pciSettings,
      ...functionDriver('no_drv'),
      ...functionDriver('pci_drv'),
      ...functionDriver('isapnp_drv'),
      ...functionDriver('agp440_install'),
    },
  ],
  ['pci.inf', pciSettings],
  // Certified multifunction drivers.
  ['mf.inf', functionDriver('mfinstall.mf')],
  // "Virtual WiFi in INF files" (Native 802.11): VWiFiBus is a filter of the adapter.
  [
    'netvwifibus.inf',
    {
      'vwifibus.copyfiles': {},
      'vwifibus.services': {},
      'vwifibus.pnpfilterregistration': {},
      'vwifibus.pnpfilterregistration.hw': {},
    },
  ],
  // Samples netvadapter and wificxsampleclient: NetCx is a filter.
  ['netcxrd.inf', filterDriver('netcxrd_filter.nt')],
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
