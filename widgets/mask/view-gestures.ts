/** What a drag or a key press means for a weight. Pure, so that it can be tested without a browser. */
import type { Tensor } from "../../src/tensor/index.js";

/** A drag under way. */
export interface Gesture {
  /** The weight when it began. */
  readonly start: number;
  /** Returns the weight for a pointer at this height; `fine` moves it a tenth as fast. */
  valueAt(clientY: number, fine: boolean): number;
}

/** What a key press asks for: another cell, another weight, or to type one. */
export interface KeyAction {
  readonly moveTo?: readonly [number, number];
  readonly value?: number;
  readonly enter?: boolean;
}

/** Where a key was pressed. */
export interface KeyPlace {
  readonly at: readonly [number, number];
  readonly shape: readonly [number, number];
  readonly weight: number;
  readonly step: number;
}

/**
 * Returns the step by which weights are changed: a power of ten, about a hundredth of the largest magnitude.
 * @example stepOf(tensor.from([[3, -1]])) // 0.01
 */
export function stepOf(weights: Tensor): number {
  let largest = 0;
  for (const weight of weights.data) largest = Math.max(largest, Math.abs(weight));
  return largest === 0 ? 0.01 : 10 ** (Math.floor(Math.log10(largest)) - 2);
}

/** Returns a drag that begins at this height; up makes the weight larger, one step per pixel times the usual size. */
export function startDrag(clientY: number, start: number, step: number): Gesture {
  let value = start;
  let last = clientY;
  return {
    start,
    valueAt(at, fine) {
      value += (last - at) * step * (fine ? 0.2 : 2);
      last = at;
      return roundTo(value, step);
    },
  };
}

/**
 * Returns what a key asks for, undefined when it means nothing here. Arrows, Home, End, Page keys move; + and - (or
 * Shift with up and down) change the weight by 10 steps, Delete makes it 0, Enter asks for a field to type it in.
 */
export function keyAction(
  event: { readonly key: string; readonly shiftKey: boolean },
  place: KeyPlace,
): KeyAction | undefined {
  const { at, shape, weight, step } = place;
  const moves: Record<string, readonly [number, number]> = {
    ArrowUp: [at[0] - 1, at[1]],
    ArrowDown: [at[0] + 1, at[1]],
    ArrowLeft: [at[0], at[1] - 1],
    ArrowRight: [at[0], at[1] + 1],
    Home: [at[0], 0],
    End: [at[0], shape[1] - 1],
    PageUp: [0, at[1]],
    PageDown: [shape[0] - 1, at[1]],
  };
  const up = event.key === "+" || event.key === "=" || (event.shiftKey && event.key === "ArrowUp");
  const down = event.key === "-" || event.key === "_" || (event.shiftKey && event.key === "ArrowDown");
  if (up || down) return { value: roundTo(weight + (up ? 10 : -10) * step, step) };
  if (event.key === "Delete" || event.key === "Backspace" || event.key === "0") return { value: 0 };
  if (event.key === "Enter" || event.key === "F2") return { enter: true };
  const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
  if (move === undefined) return undefined;
  return { moveTo: [clamp(move[0], shape[0]), clamp(move[1], shape[1])] };
}

function roundTo(value: number, step: number): number {
  // Division, because a power of ten below 1 is no binary number: 0.07 / 0.01 * 0.01 would leave 0.07000000000000001.
  const scale = Math.round(1 / step);
  const rounded = scale >= 1 ? Math.round(value * scale) / scale : Math.round(value / step) * step;
  return rounded === 0 ? 0 : rounded;
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
