const blockSize = 512;
const blockCount = 5;
const directoryBlock = 4;

/** Returns a valid program database that holds no streams (LLVM, "The MSF File Format"): stands for debug symbols. */
export function buildPdb(): Uint8Array {
  const bytes = Buffer.alloc(blockSize * blockCount);
  bytes.write('Microsoft C/C++ MSF 7.00\r\n\x1aDS', 'latin1');
  const freeBlockMap = 1;
  const directoryBytes = 4;
  const directoryMapBlock = 3;
  const superBlock = [blockSize, freeBlockMap, blockCount, directoryBytes, 0, directoryMapBlock];
  for (const [index, value] of superBlock.entries()) bytes.writeUInt32LE(value, 32 + 4 * index);
  bytes.writeUInt32LE(directoryBlock, blockSize * directoryMapBlock);
  return bytes;
}
