/** The weights of the tile: a grid of cells that are dragged, or changed with keys. */
import { element, setAttributes, setText } from "../dom/elements.js";
import { formatWeight } from "./compute.js";
import { type Gesture, keyAction, startDrag, stepOf } from "./view-gestures.js";
import type { Actions, Part, Scene } from "./view-scene.js";

/** Row and column within the grid as it is shown. */
type Cell = readonly [row: number, column: number];

/** The grid of weights and the field for the exact value of the focused one. */
export class TileView implements Part {
  readonly element: HTMLElement;
  readonly #grid: HTMLElement = element("div", { class: "lowbit-mask-grid", role: "grid" });
  readonly #place: HTMLElement = element("span");
  readonly #exact: HTMLInputElement = element("input", { type: "number", step: "any" });
  readonly #actions: Actions;
  readonly #onChosen: (row: number, column: number) => void;
  #cells: HTMLElement[][] = [];
  #scene: Scene | undefined;
  #active: Cell = [0, 0];
  #drag: Gesture | undefined;
  /** Whether the field holds what is not yet a weight. */
  #typing = false;

  /** @param onChosen is told row and column, in the matrix, of the weight that is chosen */
  constructor(actions: Actions, onChosen: (row: number, column: number) => void) {
    this.#actions = actions;
    this.#onChosen = onChosen;
    const exact = element("label", { class: "lowbit-mask-exact" }, this.#place, this.#exact);
    this.element = element("div", {}, element("div", { class: "lowbit-mask-scroll" }, this.#grid), exact);
    this.#exact.addEventListener("input", () => {
      this.#typing = true;
    });
    this.#exact.addEventListener("change", () => this.#enter());
    this.#exact.addEventListener("blur", () => this.#leave());
    this.#exact.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#enter();
      else if (event.key === "Escape") this.#leave();
      if (event.key === "Enter" || event.key === "Escape") this.#activate(this.#active);
    });
    this.#grid.addEventListener("pointerdown", (event) => this.#press(event));
    this.#grid.addEventListener("pointermove", (event) => this.#move(event));
    this.#grid.addEventListener("pointerup", () => this.#release());
    this.#grid.addEventListener("pointercancel", () => this.#release());
    this.#grid.addEventListener("keydown", (event) => this.#pressKey(event));
    this.#grid.addEventListener("focusin", (event) => this.#focus(event));
  }

  draw(scene: Scene): void {
    const [height, width] = this.#shownShape(scene);
    if (this.#cells.length !== height || this.#cells[0]?.length !== width) this.#build(height, width);
    this.#scene = scene;
    this.#active = [Math.min(this.#active[0], height - 1), Math.min(this.#active[1], width - 1)];
    let largest = 0;
    for (const weight of scene.tileWeights.data) largest = Math.max(largest, Math.abs(weight));
    for (const [row, line] of this.#cells.entries()) {
      for (const [column, cell] of line.entries()) this.#drawCell(cell, [row, column], largest);
    }
    this.#drawExact();
    setAttributes(this.#grid, {
      "aria-label": `weights ${height} x ${width}, ${scene.transposed ? "transposed, " : ""}mask: ${scene.shown}`,
    });
  }

  #shownShape({ tileShape, transposed }: Scene): [number, number] {
    return transposed ? [tileShape[1], tileShape[0]] : [tileShape[0], tileShape[1]];
  }

  #build(height: number, width: number): void {
    const range = (length: number): number[] => [...Array(length).keys()];
    this.#cells = range(height).map((row) =>
      range(width).map((column) => element("div", { role: "gridcell", "data-row": row, "data-column": column })),
    );
    this.#grid.replaceChildren(...this.#cells.map((line) => element("div", { role: "row" }, ...line)));
    this.#grid.style.setProperty("--lowbit-columns", String(width));
    setAttributes(this.#grid, { "aria-rowcount": height, "aria-colcount": width });
  }

  #drawCell(cell: HTMLElement, at: Cell, largest: number): void {
    const scene = this.#scene as Scene;
    const index = this.#indexOf(at);
    const weight = scene.tileWeights.data[index] as number;
    const kept = scene.report.mask.data[index] === 1;
    const strength = largest === 0 ? 0 : Math.abs(weight) / largest;
    const [row, column] = at;
    const { group } = scene.pattern;
    const active = row === this.#active[0] && column === this.#active[1];
    const classes = [kept ? "kept" : "pruned", contrastOf(strength)];
    if (active) classes.push("active");
    if (row > 0 && row % group === 0) classes.push("block-top");
    if (column > 0 && column % group === 0) classes.push("block-left");
    setText(cell, formatWeight(weight, (this.#cells[0]?.length ?? 0) > 12));
    setAttributes(cell, {
      class: classes.join(" "),
      style: `--strength: ${strength.toFixed(3)}`,
      tabindex: active ? 0 : -1,
      "aria-label": `${this.#nameOf(at)}: ${formatWeight(weight)}, ${kept ? "kept" : "pruned"}`,
    });
  }

  /** Position in the tile's data of a cell as it is shown. */
  #indexOf([row, column]: Cell): number {
    const { tileShape, transposed } = this.#scene as Scene;
    return transposed ? column * tileShape[1] + row : row * tileShape[1] + column;
  }

  /** Row and column within the matrix of a cell as it is shown. */
  #placeOf(cell: Cell): Cell {
    const { tile, tileShape } = this.#scene as Scene;
    const index = this.#indexOf(cell);
    return [tile[0] + Math.floor(index / tileShape[1]), tile[1] + (index % tileShape[1])];
  }

  /** Where a cell is in the whole matrix, counted from 0 as `tensor.at` does. */
  #nameOf(cell: Cell): string {
    const [row, column] = this.#placeOf(cell);
    return `row ${row}, column ${column}`;
  }

  #setWeight(cell: Cell, value: number): void {
    this.#actions.setWeight(...this.#placeOf(cell), value);
  }

  /** The weight as it is now, which several keys between two drawings can have changed. */
  #weight(cell: Cell): number {
    return this.#actions.weightAt(...this.#placeOf(cell));
  }

  #press(event: PointerEvent): void {
    const cell = cellOf(event.target);
    if (cell === undefined || event.button !== 0 || this.#scene === undefined) return;
    event.preventDefault();
    this.#activate(cell);
    this.#drag = startDrag(event.clientY, this.#weight(cell), stepOf(this.#scene.tileWeights));
    this.#grid.setPointerCapture?.(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (this.#drag === undefined) return;
    this.#setWeight(this.#active, this.#drag.valueAt(event.clientY, event.shiftKey));
  }

  #release(): void {
    if (this.#drag === undefined) return;
    this.#drag = undefined;
    this.#announce();
  }

  #pressKey(event: KeyboardEvent): void {
    if (this.#scene === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.#drag !== undefined) {
      this.#setWeight(this.#active, this.#drag.start);
      this.#drag = undefined;
      return;
    }
    const step = stepOf(this.#scene.tileWeights);
    const shape: Cell = [this.#cells.length, this.#cells[0]?.length ?? 0];
    const action = keyAction(event, { at: this.#active, shape, weight: this.#weight(this.#active), step });
    if (action === undefined) return;
    event.preventDefault();
    if (action.enter) {
      this.#exact.focus();
      this.#exact.select();
    } else if (action.moveTo !== undefined) this.#activate(action.moveTo);
    else if (action.value !== undefined) {
      this.#setWeight(this.#active, action.value);
      this.#announce();
    }
  }

  #enter(): void {
    this.#typing = false;
    const value = Number(this.#exact.value);
    if (this.#exact.value === "" || !Number.isFinite(value)) this.#drawExact();
    else {
      this.#setWeight(this.#active, value);
      this.#announce();
    }
  }

  /** Forgets what was typed but not entered. */
  #leave(): void {
    this.#typing = false;
    if (this.#scene !== undefined) this.#drawExact();
  }

  /** Shows where the focus is and the weight there, with all of its digits; what a person types there stays. */
  #drawExact(): void {
    if (this.#typing) return;
    setText(this.#place, `${this.#nameOf(this.#active)}: `);
    const text = String(Number(this.#weight(this.#active).toPrecision(7)));
    if (this.#exact.value !== text) this.#exact.value = text;
  }

  #focus(event: FocusEvent): void {
    const cell = cellOf(event.target);
    if (cell !== undefined) this.#setActive(cell);
  }

  #activate(cell: Cell): void {
    this.#setActive(cell);
    this.#cells[cell[0]]?.[cell[1]]?.focus({ preventScroll: false });
  }

  #setActive(cell: Cell): void {
    // What was typed belongs to the weight that was chosen then.
    if (this.#typing) this.#enter();
    this.#mark(false);
    this.#active = cell;
    this.#mark(true);
    if (this.#scene === undefined) return;
    this.#drawExact();
    this.#onChosen(...this.#placeOf(cell));
  }

  #mark(active: boolean): void {
    const cell = this.#cellAt(this.#active);
    setAttributes(cell, { tabindex: active ? 0 : -1 });
    cell.classList.toggle("active", active);
  }

  #cellAt([row, column]: Cell): HTMLElement {
    return this.#cells[row]?.[column] as HTMLElement;
  }

  #announce(): void {
    // After the drawing that the change leads to, so that "kept" is the new verdict.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => this.#actions.announce(this.#cellAt(this.#active).getAttribute("aria-label") ?? "")),
    );
  }
}

/**
 * How strong a weight is drawn. On a kept weight white has more contrast than black above 0.59 in the light theme, where
 * the ramp ends dark, and below 0.41 in the dark one, where it ends light.
 */
function contrastOf(strength: number): "strong" | "middle" | "weak" {
  if (strength > 0.59) return "strong";
  return strength > 0.41 ? "middle" : "weak";
}

function cellOf(target: EventTarget | null): Cell | undefined {
  if (!(target instanceof HTMLElement) || target.getAttribute("role") !== "gridcell") return undefined;
  return [Number(target.dataset.row), Number(target.dataset.column)];
}
