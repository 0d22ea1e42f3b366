/** A mask viewer that was saved with a part of its matrix: the view works on the part, the model keeps the whole's places. */
import type { Tensor } from "../../src/tensor/index.js";
import type { ViewModel } from "../dom/view-model.js";
import { cropOf } from "../lib/crop.js";
import { addEdit, type Edit, withEdits } from "./compute.js";
import { editedInPlace, type MaskState, maskSpec } from "./state.js";

type MaskModel = ViewModel<MaskState>;

/** The model's values with places counted from the top left of what there is of the matrix. */
export function readState(model: MaskModel): MaskState {
  const names = Object.keys(maskSpec.traits) as (keyof MaskState)[];
  const state = Object.fromEntries(names.map((name) => [name, model.get(name)])) as unknown as MaskState;
  const crop = cropOf(state.weights);
  if (crop === undefined) return state;
  const tile = state.tile.map((place, axis) => Math.max(0, place - (crop.start[axis] as number)));
  return { ...state, tile: tile as [number, number], edits: editsIn(state.weights, state.edits, crop.start) };
}

/** Sets values whose places are counted as {@link readState} counts them. */
export function changeState(model: MaskModel, values: Partial<MaskState>): void {
  const [row, column] = startOf(model);
  const tile = values.tile && { tile: [values.tile[0] + row, values.tile[1] + column] as const };
  model.set({ ...values, ...tile });
  model.save_changes();
}

/** One weight, edits included. */
export function weightAt(model: MaskModel, row: number, column: number): number {
  const { data, shape } = model.get("weights");
  const [top, left] = startOf(model);
  const edit = model.get("edits").find((one) => one[0] === row + top && one[1] === column + left);
  return edit?.[2] ?? (data[row * (shape[1] as number) + column] as number);
}

/** Changes one weight: in a new matrix, or as an edit beside a large one. */
export function setWeight(model: MaskModel, row: number, column: number, value: number): void {
  const [weights, edits] = [model.get("weights"), model.get("edits")];
  const [top, left] = startOf(model);
  const edit: Edit = [row + top, column + left, value];
  const change = editedInPlace(weights)
    ? { edits: addEdit(edits, edit) }
    : { weights: withEdits(weights, [...edits, edit]), edits: [] };
  model.set(change);
  model.save_changes();
}

/** Says which part of the matrix was saved; undefined when there is all of it. */
export function describeSaved(weights: Tensor): string | undefined {
  const crop = cropOf(weights);
  if (crop === undefined) return undefined;
  const words = (number: number): string => number.toLocaleString("en-GB");
  const [rows, columns] = crop.start.map(
    (start, axis) => `${words(start)}–${words(start + (weights.shape[axis] as number) - 1)}`,
  );
  return (
    `Saved preview: rows ${rows} and columns ${columns} of ${crop.whole.map(words).join(" × ")}, ` +
    "counted from 0 here. Run the cell again for all of it."
  );
}

function startOf(model: MaskModel): readonly [number, number] {
  return cropOf(model.get("weights"))?.start ?? [0, 0];
}

const placed = new WeakMap<readonly Edit[], readonly Edit[]>();

/** The edits of the part, counted from its top left; the same list as long as the edits are the same. */
function editsIn({ shape }: Tensor, edits: readonly Edit[], start: readonly [number, number]): readonly Edit[] {
  const known = placed.get(edits);
  if (known !== undefined) return known;
  const result = edits
    .map(([row, column, value]): Edit => [row - start[0], column - start[1], value])
    .filter(([row, column]) => row >= 0 && column >= 0 && row < (shape[0] as number) && column < (shape[1] as number));
  placed.set(edits, result);
  return result;
}
