/** The lifting steps of one line. All values are integers held in float64, where sums and floors are exact. */

/** Fills both halves by the S-transform. */
export function splitHaar(line: Float64Array, low: Float64Array, high: Float64Array): void {
  for (let k = 0; k < high.length; k++) {
    const first = line[2 * k] as number;
    const second = line[2 * k + 1] as number;
    low[k] = Math.floor((first + second) / 2);
    high[k] = first - second;
  }
  if (low.length > high.length) low[low.length - 1] = line[line.length - 1] as number;
}

/** Fills the line from both halves of the S-transform. */
export function joinHaar(low: Float64Array, high: Float64Array, line: Float64Array): void {
  for (let k = 0; k < high.length; k++) {
    const difference = high[k] as number;
    const first = (low[k] as number) + Math.ceil(difference / 2);
    line[2 * k] = first;
    line[2 * k + 1] = first - difference;
  }
  if (low.length > high.length) line[line.length - 1] = low[low.length - 1] as number;
}

/** Fills both halves by the reversible 5/3 filter. */
export function splitLeGall(line: Float64Array, low: Float64Array, high: Float64Array): void {
  for (let k = 0; k < high.length; k++) high[k] = (line[2 * k + 1] as number) - predicted(line, k);
  for (let k = 0; k < low.length; k++) low[k] = (line[2 * k] as number) + update(high, k);
}

/** Fills the line from both halves of the reversible 5/3 filter. */
export function joinLeGall(low: Float64Array, high: Float64Array, line: Float64Array): void {
  for (let k = 0; k < low.length; k++) line[2 * k] = (low[k] as number) - update(high, k);
  for (let k = 0; k < high.length; k++) line[2 * k + 1] = (high[k] as number) + predicted(line, k);
}

/** What the even neighbours say of the odd value 2k + 1; beyond the end the line is mirrored. */
function predicted(line: Float64Array, k: number): number {
  const before = line[2 * k] as number;
  return Math.floor((before + (line[2 * k + 2] ?? before)) / 2);
}

/** What the details on both sides add to the even value 2k; beyond the ends they are mirrored, without any it is 0. */
function update(high: Float64Array, k: number): number {
  if (high.length === 0) return 0;
  const before = high[k === 0 ? 0 : k - 1] as number;
  return Math.floor((before + (high[k] ?? before) + 2) / 4);
}
