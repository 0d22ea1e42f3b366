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
