/** Ids of widgets. */

/** Returns a random UUID, version 4, as text. */
export function randomId(): string {
  const bytes = new Uint8Array(16);
  const source = (globalThis as { crypto?: { getRandomValues(bytes: Uint8Array): void } }).crypto;
  if (source === undefined) throw new Error("randomId: no crypto.getRandomValues, expected Node 20 or a browser");
  source.getRandomValues(bytes);
  const hex = [...bytes].map((byte, i) => {
    // RFC 9562, section 5.4: version 4 in byte 6, variant 10 in byte 8.
    const marked = i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, "0");
  });
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((part) => part.join(""))
    .join("-");
}
