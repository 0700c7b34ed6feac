import type { Arch } from '../../formats/windows/targets.ts';

/** What a PE file is for: a kernel driver, a library or a console program. */
export type PeKind = 'sys' | 'dll' | 'exe';

const returnOnly: Readonly<Record<Arch, Readonly<Record<PeKind, readonly number[]>>>> = {
  x86: {
    sys: [0xb8, 0x01, 0x00, 0x00, 0xc0, 0xc2, 0x08, 0x00], // mov eax, 0xc0000001; ret 8
    dll: [0x31, 0xc0, 0xc2, 0x0c, 0x00], // xor eax, eax; ret 12
    exe: [0x31, 0xc0, 0xc3], // xor eax, eax; ret
  },
  amd64: {
    sys: [0xb8, 0x01, 0x00, 0x00, 0xc0, 0xc3], // mov eax, 0xc0000001; ret
    dll: [0x31, 0xc0, 0xc3], // xor eax, eax; ret
    exe: [0x31, 0xc0, 0xc3],
  },
  ARM64: {
    // mov w0, #1; movk w0, #0xc000, lsl #16; ret
    sys: [0x20, 0x00, 0x80, 0x52, 0x00, 0x00, 0xb8, 0x72, 0xc0, 0x03, 0x5f, 0xd6],
    dll: [0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6], // mov w0, #0; ret
    exe: [0x00, 0x00, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6],
  },
};

/**
 * Returns machine code for an entry point that only returns: STATUS_UNSUCCESSFUL from `DriverEntry` and FALSE from
 * `DllMain`, so that Windows unloads the file at once, and exit code 0 from a program.
 */
export function entryCode(arch: Arch, kind: PeKind): Uint8Array {
  return Uint8Array.from(returnOnly[arch][kind]);
}
