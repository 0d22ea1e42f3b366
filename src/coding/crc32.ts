import { fastCrc32 } from "./crc32-fast.js";

/** The remainder of each byte, for the polynomial 0xEDB88320 (bits reversed). */
const remainders: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/**
 * Returns the CRC-32 of bytes, 0..2^32 - 1: the checksum of zip, gzip and PNG.
 * @see ISO 3309; polynomial 0x04C11DB7, bits reversed, start and end inverted
 * @example crc32(new TextEncoder().encode("123456789")) // 0xcbf43926
 */
export function crc32(bytes: Uint8Array): number {
  const fast = fastCrc32(bytes, remainders);
  if (fast !== undefined) return ~fast >>> 0;
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    rest = (rest >>> 8) ^ (remainders[(rest ^ (bytes[i] as number)) & 255] as number);
  }
  return ~rest >>> 0;
}
