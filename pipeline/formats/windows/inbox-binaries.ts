/** Binaries of Windows that third-party drivers use as their service (Microsoft, INFs in `%windir%\inf`); lower case. */
export const inboxBinaries: ReadonlySet<string> = new Set([
  'wudfrd.sys',
  'winusb.sys',
  'usbser.sys',
  'usbccgp.sys',
  'mshidkmdf.sys',
  'mshidumdf.sys',
  'hidusb.sys',
  'hidi2c.sys',
  'serial.sys',
  'serenum.sys',
  'umpass.sys',
  'vhf.sys',
  'svchost.exe',
]);
