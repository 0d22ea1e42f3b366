/**
 * Which widgets a person sees: those with a view in some output that is still there. A cell that runs again replaces its
 * outputs, `clearOutput` and an updated display replace some; what is left without an output may be collected.
 */
import type { MimeBundle } from "../../src/display.js";

const viewMimeType = "application/vnd.jupyter.widget-view+json";

interface Entry {
  readonly displayId: string | undefined;
  /** The widget's model; "" when the output was replaced by one without a view. */
  model: string;
}

/** See {@link createShown}. */
export interface Shown {
  /** An output was put out by this cell. */
  add(cell: string, bundle: MimeBundle, displayId: string | undefined): void;
  /** Every output with this display id was replaced; `cell` did it. */
  update(cell: string, bundle: MimeBundle, displayId: string): void;
  /** The outputs of a cell go: now, or with `wait` when the next one comes. */
  clear(cell: string, wait: boolean): void;
}

/** Returns an empty record. @param tell is told when a widget's first view appears, and when its last one has gone */
export function createShown(tell: (model: string, shown: boolean) => void): Shown {
  const cells = new Map<string, Entry[]>();
  const counts = new Map<string, number>();
  const clearNext = new Set<string>();

  const count = (model: string, by: 1 | -1): void => {
    const before = counts.get(model) ?? 0;
    const after = before + by;
    if (after > 0) counts.set(model, after);
    else counts.delete(model);
    if (before === 0 || after === 0) tell(model, after > 0);
  };
  const drop = (cell: string): void => {
    clearNext.delete(cell);
    const entries = cells.get(cell) ?? [];
    cells.delete(cell);
    for (const { model } of entries) if (model !== "") count(model, -1);
  };
  const put = (cell: string, model: string, displayId: string | undefined): void => {
    cells.set(cell, [...(cells.get(cell) ?? []), { displayId, model }]);
    count(model, 1);
  };
  return {
    add: (cell, bundle, displayId) => {
      const model = modelIn(bundle);
      if (clearNext.has(cell)) {
        // The new view first: a widget that is shown again never counts as gone.
        if (model !== undefined) count(model, 1);
        drop(cell);
        if (model !== undefined) cells.set(cell, [{ displayId, model }]);
      } else if (model !== undefined) put(cell, model, displayId);
    },
    update: (cell, bundle, displayId) => {
      const model = modelIn(bundle);
      const known = [...cells.values()].flat().filter((entry) => entry.displayId === displayId);
      if (known.length === 0 && model !== undefined) put(cell, model, displayId);
      for (const entry of known) {
        if (model !== undefined) count(model, 1);
        if (entry.model !== "") count(entry.model, -1);
        entry.model = model ?? "";
      }
    },
    clear: (cell, wait) => {
      if (wait) clearNext.add(cell);
      else drop(cell);
    },
  };
}

function modelIn(bundle: MimeBundle): string | undefined {
  const view = bundle[viewMimeType] as { readonly model_id?: unknown } | undefined;
  return typeof view?.model_id === "string" ? view.model_id : undefined;
}
