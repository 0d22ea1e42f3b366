import { escapeHtml } from "../display.js";
import { ShapeError, ValueError } from "../errors.js";
import { checkMatrix, checkSameShape } from "../tensor/shape.js";
import type { Mask, Tensor } from "../tensor/types.js";

/** Options of {@link maskSvg}. */
export interface MaskSvgOptions {
  /** Weights of the mask's shape; their values are written into the cells when the matrix has at most 16 columns. */
  readonly weights?: Tensor;
  /** Draws a heavier line around each group x group block. */
  readonly group?: number;
  /** Side of a cell in pixels; default: what makes the picture about 480 pixels wide, 2..40. */
  readonly cell?: number;
  /** What the picture shows, for a heading, a tooltip and screen readers; default: the shape and the number kept. */
  readonly title?: string;
}

/** Larger masks belong on a canvas: a picture of more cells is too heavy for a notebook file. */
const maxSide = 256;
/** Fixed colours on a white ground of its own, so that it reads the same in light and dark themes and on GitHub. */
const colours = { ground: "#ffffff", kept: "#1f5fa8", pruned: "#eef1f5", ink: "#1b2430", line: "#6b7686" };
const margin = 8;
const headingHeight = 22;

/**
 * Returns a mask as an SVG picture: kept weights are dark cells, pruned ones light cells. It is complete in itself,
 * reads in any theme, and says what it shows to screen readers.
 * @param mask shape [rows, columns], both 1..256
 * @throws ShapeError when the mask is not a matrix of that size or the weights have another shape
 * @throws ValueError for a group or a cell side that is not a positive number
 * @example display(bundle({ "image/svg+xml": maskSvg(mask, { weights: W, group: 4 }) }), { raw: true })
 */
export function maskSvg(mask: Mask, options: MaskSvgOptions = {}): string {
  const [rows, columns] = checkMatrix("maskSvg", mask);
  if (rows < 1 || columns < 1 || rows > maxSide || columns > maxSide) {
    throw new ShapeError(`maskSvg: shape [${rows}, ${columns}], expected sides 1..${maxSide}`);
  }
  const { weights, group, cell = Math.max(2, Math.min(40, Math.floor(480 / columns))) } = options;
  if (weights !== undefined) checkSameShape("maskSvg", mask, weights);
  checkPositive("group", group);
  checkPositive("cell", cell);
  const kept = mask.data.reduce((sum, bit) => sum + bit, 0);
  const title = options.title ?? `${rows} x ${columns} mask: ${kept} of ${rows * columns} weights kept (dark)`;
  const width = Math.max(columns * cell, title.length * 6.6) + 2 * margin;
  const height = rows * cell + headingHeight + 2 * margin;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${colours.ground}"/>`,
    `<text x="${margin}" y="${margin + 12}" font-family="system-ui, sans-serif" font-size="12" fill="${colours.ink}">${escapeHtml(title)}</text>`,
    `<g transform="translate(${margin} ${margin + headingHeight})">`,
    `<rect width="${columns * cell}" height="${rows * cell}" fill="${colours.pruned}"/>`,
    `<path fill="${colours.kept}" d="${keptPath(mask, rows, columns, cell)}"/>`,
    gridLines(rows, columns, cell, group),
    weights !== undefined && columns <= 16 && cell >= 24 ? labels(mask, weights, columns, cell) : "",
    "</g></svg>",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function checkPositive(name: string, value: number | undefined): void {
  if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
    throw new ValueError(`maskSvg: ${name} = ${value}, expected a positive number`);
  }
}

/** One closed rectangle per run of kept cells. */
function keptPath(mask: Mask, rows: number, columns: number, cell: number): string {
  let path = "";
  for (let row = 0; row < rows; row++) {
    for (let start = 0; start < columns; start++) {
      if (mask.data[row * columns + start] !== 1) continue;
      let end = start + 1;
      while (end < columns && mask.data[row * columns + end] === 1) end++;
      const length = (end - start) * cell;
      path += `M${start * cell} ${row * cell}h${length}v${cell}h-${length}z`;
      start = end;
    }
  }
  return path;
}

function gridLines(rows: number, columns: number, cell: number, group: number | undefined): string {
  const lines = (every: number): string => {
    let path = "";
    for (let row = 0; row <= rows; row += every) path += `M0 ${row * cell}h${columns * cell}`;
    for (let column = 0; column <= columns; column += every) path += `M${column * cell} 0v${rows * cell}`;
    return path;
  };
  const fine = cell >= 6 ? `<path d="${lines(1)}" fill="none" stroke="${colours.ground}" stroke-width="1"/>` : "";
  const blocks =
    group === undefined ? "" : `<path d="${lines(group)}" fill="none" stroke="${colours.line}" stroke-width="1.5"/>`;
  return fine + blocks;
}

function labels(mask: Mask, weights: Tensor, columns: number, cell: number): string {
  const size = Math.max(8, Math.min(12, Math.floor(cell * 0.28)));
  const cells: string[] = [];
  for (let i = 0; i < weights.data.length; i++) {
    const x = (i % columns) * cell + cell / 2;
    const y = Math.floor(i / columns) * cell + cell / 2 + size * 0.36;
    const fill = mask.data[i] === 1 ? colours.ground : colours.ink;
    cells.push(`<text x="${x}" y="${y.toFixed(1)}" fill="${fill}">${label(weights.data[i] as number)}</text>`);
  }
  return `<g font-family="ui-monospace, monospace" font-size="${size}" text-anchor="middle">${cells.join("")}</g>`;
}

/** A value in at most five characters where it can be: magnitudes are compared at a glance, not read off. */
function label(value: number): string {
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e4) return String(value);
  if (magnitude >= 1e4) return value.toExponential(0).replace("e+", "e");
  return value.toFixed(magnitude < 10 ? 2 : magnitude < 100 ? 1 : 0);
}
