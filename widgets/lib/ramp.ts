/** The colours of heat maps: dark and blue for small, bright and yellow for large; also told apart without hue. */

/** Red, green and blue of evenly spaced places: the map "viridis" of Smith and van der Walt, CC0. */
const anchors = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

/** Returns the colour of a share as a style sheet writes it; what lies outside 0..1 has the colour of the nearer end. */
export function rampColour(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
  const below = Math.min(anchors.length - 2, Math.floor(place));
  const [from, to] = [anchors[below], anchors[below + 1]] as [readonly number[], readonly number[]];
  const part = (i: number): string => {
    const mixed = (from[i] as number) + ((to[i] as number) - (from[i] as number)) * (place - below);
    return Math.round(mixed).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(1)}${part(2)}`;
}
