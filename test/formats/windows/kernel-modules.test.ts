import { describe, expect, test } from 'vitest';
import {
  kernelFunctionSince,
  lacksKernelFunction,
  nearKernelFunction,
} from '../../../pipeline/formats/windows/kernel-modules.ts';

describe('a function that the kernel exports', () => {
  test.each([
    ['ntoskrnl.exe', 'IoCreateDevice', undefined],
    ['ntoskrnl.exe', 'EtwRegister', '6.0'],
    ['ntoskrnl.exe', 'KeQueryActiveProcessorCountEx', '6.1'],
    ['ntoskrnl.exe', 'KeSetCoalescableTimer', '6.1'],
    ['ntoskrnl.exe', 'PoFxRegisterDevice', '6.2'],
    ['ntoskrnl.exe', 'MmCopyMemory', '6.3'],
    ['ntoskrnl.exe', 'MmMapIoSpaceEx', '10.0'],
    ['ntoskrnl.exe', 'IoOpenDriverRegistryKey', '10.0.17134'],
    ['NTOSKRNL.EXE', 'ExAllocatePool2', '10.0.19041'],
    ['ndis.sys', 'NdisMRegisterMiniportDriver', '6.0'],
    ['ndis.sys', 'NdisAllocateRWLock', '6.1'],
    ['ndis.sys', 'NdisMRegisterMiniport', undefined],
    ['fltmgr.sys', 'FltQueryInformationByName', '10.0.15063'],
    ['ntoskrnl.exe', 'PoFxCompleteDirectedPowerDown', '10.0.18362'], // a page without a library
    ['ntoskrnl.exe', 'KeGetEffectiveIrql', '10.0.10586'], // no page
  ])('%s %s has its version', (module, name, since) => {
    expect(kernelFunctionSince(module, name)).toBe(since);
    expect(lacksKernelFunction(module, name)).toBe(false);
  });

  test.each([
    ['ntoskrnl.exe', 'ZwQueryVirtualMemory', '6.0', 'Windows 10'],
    ['ntoskrnl.exe', 'PoFxRegisterCoreDevice', '6.2', 'Windows 10'],
    ['ntoskrnl.exe', 'IoCheckShareAccessEx', '6.0', 'Windows 7'],
    ['ntoskrnl.exe', 'KeExpandKernelStackAndCallout', undefined, 'Vista'],
    ['fltmgr.sys', 'FltGetFileContext', undefined, 'Vista'],
    ['ndis.sys', 'NdisMConfigMSIXTableEntry', '6.0', 'NDIS 6.1, which Server 2008 has'],
    ['ndis.sys', 'NdisGetNblTimestampInfo', '10.0.20348', 'Windows 11, beside Server 2022'],
  ])('%s %s is of %s, earlier than its page says: %s', (module, name, since, _page) => {
    expect(kernelFunctionSince(module, name)).toBe(since);
  });

  test.each([
    ['fltmgr.sys', 'FltCheckOplock'],
    ['tdi.sys', 'CTEScheduleDelayedEvent'],
    ['netio.sys', 'RtlCreateHashTable'],
    ['videoprt.sys', 'VideoPortDbgReportCreate'],
    ['ntoskrnl.exe', 'PsGetCurrentServerSilo'],
    ['ntoskrnl.exe', 'HviIsAnyHypervisorPresent'],
    ['ntoskrnl.exe', 'HalGetBusData'],
    ['hal.dll', 'HalWheaUpdateCmciPolicy'],
  ])('%s exports %s, which has no page or one without a library', (module, name) => {
    expect(lacksKernelFunction(module, name)).toBe(false);
  });

  test('has its letters in their case', () => {
    expect(lacksKernelFunction('ntoskrnl.exe', 'iocreatedevice')).toBe(true);
    expect(nearKernelFunction('ntoskrnl.exe', 'iocreatedevise')).toBe('IoCreateDevice');
    expect(nearKernelFunction('ntoskrnl.exe', 'Qqqqqqqq')).toBeUndefined();
    expect(nearKernelFunction('ntoskrnl.exe', 'Qqqq')).toBeUndefined(); // not sqrt
  });
});

test('nothing is said of ordinals and of modules whose functions are not known', () => {
  expect(lacksKernelFunction('ntoskrnl.exe', '#18')).toBe(false);
  expect(lacksKernelFunction('wdf01000.sys', 'WdfAnything')).toBe(false);
  for (const name of ['__proto__', 'constructor']) {
    expect(lacksKernelFunction(name, 'f')).toBe(false);
    expect(lacksKernelFunction('hal.dll', name)).toBe(true);
    expect(kernelFunctionSince('hal.dll', name)).toBeUndefined();
  }
});
