/** Pointers, wheel and keys on the map. */
import type { Size } from "./view-map-viewport.js";

/** What a person wants of the map. Points and distances are in CSS pixels from the top left of the element. */
export interface MapHandlers {
  move(by: Size): void;
  zoom(factor: number, at: Size): void;
  /** Pressed and let go at one place. */
  choose(at: Size): void;
  /** The pointer is here; undefined when it has left. */
  hover(at: Size | undefined): void;
  /** A wheel that would zoom out further than everything scrolls the page instead. */
  canZoom(factor: number): boolean;
}

/** A pointer that moves less than this while pressed chooses; one that moves more drags. */
const dragDistance = 4;

/** Listens on an element until it is thrown away. */
export function listenToGestures(target: HTMLElement, handlers: MapHandlers): void {
  const pointers = new Map<number, Size>();
  let dragged = 0;
  const at = (event: MouseEvent): Size => {
    const box = target.getBoundingClientRect();
    return [event.clientX - box.left - target.clientLeft, event.clientY - box.top - target.clientTop];
  };
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (pointers.size === 0) dragged = 0;
    pointers.set(event.pointerId, at(event));
    target.setPointerCapture(event.pointerId);
  });
  target.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    const now = at(event);
    handlers.hover(now);
    if (before === undefined) return;
    dragged = Math.max(dragged, dragged + distance(before, now));
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (dragged > dragDistance) {
      // With a second finger down the point between the two moves half as far.
      const part = other === undefined ? 1 : 0.5;
      handlers.move([(now[0] - before[0]) * part, (now[1] - before[1]) * part]);
      if (other !== undefined) pinch(before, now, other, handlers);
    }
    pointers.set(event.pointerId, now);
  });
  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && pointers.size === 0 && dragged <= dragDistance) handlers.choose(at(event));
  };
  target.addEventListener("pointerup", release);
  target.addEventListener("pointercancel", release);
  target.addEventListener("pointerleave", () => handlers.hover(undefined));
  listenToWheel(target, at, handlers);
}

function listenToWheel(target: HTMLElement, at: (event: MouseEvent) => Size, { canZoom, zoom }: MapHandlers): void {
  const turn = (event: WheelEvent): void => {
    const factor = wheelFactor(event);
    if (!canZoom(factor)) return;
    event.preventDefault();
    zoom(factor, at(event));
  };
  target.addEventListener("wheel", turn, { passive: false });
}

/** How much one turn of the wheel zooms; one notch is about a quarter, a touchpad's pinch comes in small steps. */
export function wheelFactor({
  deltaY,
  deltaMode,
  ctrlKey,
}: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">): number {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  return 2 ** (-Math.max(-400, Math.min(400, pixels)) / (ctrlKey ? 60 : 300));
}

function pinch(before: Size, now: Size, other: Size, handlers: MapHandlers): void {
  const was = distance(before, other);
  if (was > 0) handlers.zoom(distance(now, other) / was, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
}

function distance(a: Size, b: Size): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** What a key asks of the map: to move by parts of the view, to zoom, to show all, or to move the tile. */
export interface MapKey {
  readonly move?: Size;
  readonly zoom?: number;
  readonly fit?: boolean;
  /** Columns and rows of tiles, or of blocks with `fine`. */
  readonly tile?: Size;
  readonly fine?: boolean;
  /** Take the middle of what is seen as the tile. */
  readonly choose?: boolean;
}

/**
 * Returns what a key asks for, undefined when it means nothing here: arrows move the view by an eighth, with Shift the
 * tile, with Shift and Alt the tile by one block; + and - zoom, Home or 0 shows all, Enter puts the tile in the middle.
 */
export function mapKey({
  key,
  shiftKey,
  altKey,
}: Pick<KeyboardEvent, "key" | "shiftKey" | "altKey">): MapKey | undefined {
  const arrows: Record<string, Size> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined;
  if (arrow !== undefined) {
    return shiftKey ? { tile: arrow, fine: altKey } : { move: [-arrow[0] / 8, -arrow[1] / 8] };
  }
  if (key === "+" || key === "=") return { zoom: 1.5 };
  if (key === "-" || key === "_") return { zoom: 1 / 1.5 };
  if (key === "Home" || key === "0") return { fit: true };
  return key === "Enter" ? { choose: true } : undefined;
}
