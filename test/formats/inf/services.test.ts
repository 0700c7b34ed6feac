import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { infServices } from '../../../pipeline/formats/inf/install.ts';
import { crlf } from '../bytes.ts';

const inf = parseInf(
  crlf(`[Manufacturer]
V = M, NTamd64, NTx86
[M.NTamd64]
A = Storage, PCI\\1
B = Null, PCI\\2
[M.NTx86]
C = Storage32, PCI\\1
[Storage.NT]
[Storage.NT.Services]
AddService = viostor, %FUNCTION%, Service, EventLog
AddService = filter,, Filter
[Null]
[Null.Services]
AddService = ,2
[Service]
ServiceType = %KERNEL%
StartType = %BOOT% ; SERVICE_BOOT_START
ErrorControl = 0x1
ServiceBinary = %12%\\viostor.sys
LoadOrderGroup = SCSI miniport
[Filter]
StartType = demand
[Strings]
FUNCTION = 0x00000002
KERNEL = 1
BOOT = 0
`),
);

describe('infServices', () => {
  it('gives what the install sections add', () => {
    expect(infServices(inf, 'amd64')).toEqual([
      {
        name: 'viostor',
        line: 10,
        flags: 2,
        section: 'Service',
        start: 0,
        type: 1,
        errorControl: 1,
        binary: '%12%\\viostor.sys',
        loadOrderGroup: 'SCSI miniport',
      },
      { name: 'filter', line: 11, flags: 0, section: 'Filter' },
      { name: '', line: 14, flags: 2 },
    ]);
  });

  it('gives none where the architecture has no install section', () => {
    expect(infServices(inf, 'x86')).toEqual([]);
  });
});
