/** Cutting text without cutting a character: JSON has a way to write half a one, files in UTF-8 have none. */

/**
 * Returns the nearest place at or before an offset that is not inside a character of two UTF-16 units.
 * @example beforeCharacter("😀", 1) // 0
 */
export function beforeCharacter(text: string, offset: number): number {
  const isInside = isHigh(text.charCodeAt(offset - 1)) && isLow(text.charCodeAt(offset));
  return isInside ? offset - 1 : offset;
}

/** Returns the text in pieces of at most so many UTF-16 units, 2 or more, none for an empty text. */
export function* pieces(text: string, most: number): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = beforeCharacter(text, start + most);
    yield text.slice(start, end);
    start = end;
  }
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
