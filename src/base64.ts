const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Returns bytes as base64 with padding (RFC 4648, section 4). Not in the public API: `btoa` and `Buffer` exist in
 * one engine each. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    const three = (a << 16) | (b << 8) | c;
    const letters = [18, 12, 6, 0].map((shift) => alphabet[(three >> shift) & 63] as string);
    parts.push(letters.slice(0, Math.min(left, 3) + 1).join("") + "=".repeat(Math.max(0, 3 - left)));
  }
  return parts.join("");
}

/** Returns the bytes that {@link base64} wrote. */
export function bytesOfBase64(text: string): Uint8Array {
  const letters = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  for (let from = 0, to = 0; from < letters.length; from += 4) {
    let three = 0;
    for (let i = 0; i < 4; i++) three = (three << 6) | (values[letters.charCodeAt(from + i)] ?? 0);
    for (let shift = 16; shift >= 0 && to < bytes.length; shift -= 8) bytes[to++] = three >> shift;
  }
  return bytes;
}

const values: readonly number[] = [...alphabet].reduce<number[]>((table, letter, value) => {
  table[letter.charCodeAt(0)] = value;
  return table;
}, new Array<number>(128).fill(0));
