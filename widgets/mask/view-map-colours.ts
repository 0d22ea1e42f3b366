/** The colours of the map, as the style sheet has them for the theme. */

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

/** The colours at the two ends of a ramp: of strength 0 and of strength 255. */
export interface Ramp {
  readonly weak: Colour;
  readonly strong: Colour;
}

/** All colours of a map. */
export interface Palette {
  readonly kept: Ramp;
  readonly pruned: Ramp;
  /** Beside the picture. */
  readonly ground: Colour;
}

/** Reads the palette where an element is. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): Colour => {
    const hex = style.getPropertyValue(name).trim();
    const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) || 0;
    return [part(1), part(3), part(5)];
  };
  return {
    kept: { weak: read("--kept-weak"), strong: read("--kept-strong") },
    pruned: { weak: read("--pixel-weak"), strong: read("--pixel-strong") },
    ground: read("--beside"),
  };
}

/** Returns the colour of a cell: a share in the kept colour of one strength, the rest in the pruned one of another. */
export function colourOf(
  { kept, pruned }: Palette,
  share: number,
  keptStrength: number,
  prunedStrength: number,
): Colour {
  const mix = (part: 0 | 1 | 2): number => {
    const inKept = kept.weak[part] + ((kept.strong[part] - kept.weak[part]) * keptStrength) / 255;
    const inPruned = pruned.weak[part] + ((pruned.strong[part] - pruned.weak[part]) * prunedStrength) / 255;
    return Math.round(share * inKept + (1 - share) * inPruned);
  };
  return [mix(0), mix(1), mix(2)];
}

/** Returns a colour as the style sheet would write it. */
export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
