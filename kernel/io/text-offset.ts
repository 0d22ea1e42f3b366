/** The protocol counts a cursor in Unicode code points, JavaScript in UTF-16 units. */

/** Returns the UTF-16 offset of a position in code points; clamped to the text. @example toUtf16("😀a", 1) // 2 */
export function toUtf16(text: string, codePoints: number): number {
  let offset = 0;
  for (let count = 0; count < codePoints && offset < text.length; count++) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** Returns the position in code points of a UTF-16 offset. @example toCodePoints("😀a", 2) // 1 */
export function toCodePoints(text: string, utf16: number): number {
  return [...text.slice(0, utf16)].length;
}
