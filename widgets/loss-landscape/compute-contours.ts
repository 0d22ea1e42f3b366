/** Contour lines and the regions above a level, by marching squares. */

/** Heights at the nodes of a grid, row by row; NaN where there is none. */
export interface Grid {
  readonly heights: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/**
 * One line. Places are in columns and rows, [column, row, column, row, …], and lie on the edges of the grid; a closed
 * line does not repeat its first place.
 */
export interface ContourLine {
  readonly places: Float64Array;
  readonly closed: boolean;
}

/** The height of a node; rows and columns from -1 to one too many are asked for. */
type Height = (row: number, column: number) => number;

/**
 * Returns the lines on which heights between the nodes, interpolated along the edges, are exactly `level`. A line is
 * closed, or ends at the border of the grid or at a cell with a node that has no height.
 * @see marching squares; where two corners across from each other are above, the mean of the four decides
 * @example contourLines({ heights: [0, 0, 1, 1], rows: 2, columns: 2 }, 0.5) // one line along row 0.5
 */
export function contourLines({ heights, rows, columns }: Grid, level: number): ContourLine[] {
  const height: Height = (row, column) => heights[row * columns + column] as number;
  return trace({ height, top: 0, left: 0, rows: rows - 1, columns: columns - 1 }, level);
}

/**
 * Returns the borders of the region in which heights are at least `level`: closed lines, to be filled by the even-odd
 * rule. At the border of the grid they run along it; nodes without height are outside.
 * @example contourRegions(grid, 0.5)
 */
export function contourRegions({ heights, rows, columns }: Grid, level: number): ContourLine[] {
  const height: Height = (row, column) => {
    const inside = row >= 0 && row < rows && column >= 0 && column < columns;
    const value = inside ? (heights[row * columns + column] as number) : Number.NEGATIVE_INFINITY;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return trace({ height, top: -1, left: -1, rows: rows + 1, columns: columns + 1 }, level);
}

/** The cells that are looked at, the first row and column of them, and how many there are. */
interface Cells {
  readonly height: Height;
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** For each set of corners above (1 top left, 2 top right, 4 bottom right, 8 bottom left) the edges that are joined. */
const joined: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [["left", "top"]],
  [["top", "right"]],
  [["left", "right"]],
  [["right", "bottom"]],
  [
    ["left", "top"],
    ["right", "bottom"],
  ],
  [["top", "bottom"]],
  [["left", "bottom"]],
  [["bottom", "left"]],
  [["top", "bottom"]],
  [
    ["top", "right"],
    ["bottom", "left"],
  ],
  [["right", "bottom"]],
  [["left", "right"]],
  [["top", "right"]],
  [["left", "top"]],
  [],
];

type Side = "top" | "right" | "bottom" | "left";

/** Joins the pieces of all cells at their edges. Each edge has a number; a line passes it at most once. */
function trace(cells: Cells, level: number): ContourLine[] {
  const neighbours = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    const list = neighbours.get(a);
    if (list === undefined) neighbours.set(a, [b]);
    else list.push(b);
  };
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns; column++) {
      for (const [from, to] of piecesOf(cells, row, column, level)) {
        const [a, b] = [edgeOf(cells, row, column, from), edgeOf(cells, row, column, to)];
        join(a, b);
        join(b, a);
      }
    }
  }
  const seen = new Set<number>();
  const lines: ContourLine[] = [];
  const follow = (start: number): void => {
    const edges = [start];
    seen.add(start);
    for (let next = unseen(neighbours, seen, start); next !== undefined; next = unseen(neighbours, seen, next)) {
      seen.add(next);
      edges.push(next);
    }
    const closed = neighbours.get(start)?.length === 2;
    lines.push({ places: placesOf(cells, edges, level), closed });
  };
  // Open lines first, from an end; what is left are closed ones.
  for (const [edge, list] of neighbours) if (list.length === 1 && !seen.has(edge)) follow(edge);
  for (const edge of neighbours.keys()) if (!seen.has(edge)) follow(edge);
  return lines;
}

function unseen(
  neighbours: ReadonlyMap<number, number[]>,
  seen: ReadonlySet<number>,
  edge: number,
): number | undefined {
  return neighbours.get(edge)?.find((next) => !seen.has(next));
}

const none: readonly (readonly [Side, Side])[] = [];

function piecesOf(
  { height, top, left }: Cells,
  row: number,
  column: number,
  level: number,
): readonly (readonly [Side, Side])[] {
  const i = top + row;
  const j = left + column;
  const a = height(i, j);
  const b = height(i, j + 1);
  const c = height(i + 1, j + 1);
  const d = height(i + 1, j);
  const above = (a >= level ? 1 : 0) + (b >= level ? 2 : 0) + (c >= level ? 4 : 0) + (d >= level ? 8 : 0);
  if (above === 0 || above === 15) return none;
  if (Number.isNaN(a) || Number.isNaN(b) || Number.isNaN(c) || Number.isNaN(d)) return none;
  // With the middle above, the two corners that are above belong together: the lines go around the other two.
  const turned = (above === 5 || above === 10) && (a + b + c + d) / 4 >= level;
  return joined[turned ? 15 - above : above] as readonly (readonly [Side, Side])[];
}

/** Even numbers for edges along a row, odd ones for edges along a column. */
function edgeOf({ columns }: Cells, row: number, column: number, side: Side): number {
  const wide = columns + 1;
  switch (side) {
    case "top":
      return 2 * (row * wide + column);
    case "bottom":
      return 2 * ((row + 1) * wide + column);
    case "left":
      return 2 * (row * wide + column) + 1;
    case "right":
      return 2 * (row * wide + column + 1) + 1;
  }
}

function placesOf({ height, top, left, columns }: Cells, edges: readonly number[], level: number): Float64Array {
  const wide = columns + 1;
  const places = new Float64Array(2 * edges.length);
  for (const [n, edge] of edges.entries()) {
    const node = edge >> 1;
    const [row, column] = [top + Math.floor(node / wide), left + (node % wide)];
    const along = edge % 2 === 0;
    const share = crossing(height(row, column), along ? height(row, column + 1) : height(row + 1, column), level);
    places[2 * n] = column + (along ? share : 0);
    places[2 * n + 1] = row + (along ? 0 : share);
  }
  return places;
}

/** How far from the first to the second of two heights the level lies, 0..1; at the finite one when the other is not. */
function crossing(first: number, second: number, level: number): number {
  if (first === Number.NEGATIVE_INFINITY) return 1;
  if (second === Number.NEGATIVE_INFINITY) return 0;
  return first === second ? 0 : (level - first) / (second - first);
}
