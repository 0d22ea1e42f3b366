import { ShapeError, ValueError } from "../errors.js";
import { binomial } from "../math/big.js";
import { countTransposableMasks } from "./count-transposable-masks.js";
import { checkPattern, type NmPattern } from "./pattern.js";

/** Which masks are counted: any of the density, N:M along rows, or N:M along rows and columns of square blocks. */
export type DiversityPattern = "unstructured" | "row" | "transposable";

/** Options of {@link maskDiversity}. */
export interface MaskDiversityOptions extends NmPattern {
  readonly pattern: DiversityPattern;
  /** Rows of the matrix; default: group. */
  readonly rows?: number;
  /** Columns of the matrix; default: group. */
  readonly cols?: number;
}

/** How many masks a pattern allows. */
export interface MaskDiversity {
  /** The exact number of masks. */
  readonly exact: bigint;
  /** What the paper's expression gives; only where it differs in form, that is, for transposable masks. */
  readonly printed?: bigint;
}

/** A count for more weights than this would have over 300,000 digits. */
const maxWeights = 2 ** 20;

/**
 * Returns how many masks of a rows x cols matrix the pattern allows (its mask diversity), exactly, and for
 * transposable masks also what the expression of the paper gives:
 * - unstructured: C(T, T keep / group) for T = rows cols weights
 * - row: C(group, keep)^(T / group)
 * - transposable: (number of group x group 0/1 matrices with all line sums keep)^(T / group²), by counting;
 *   printed: (group! (group-1)! … (keep+1)!)^(T / group²), which counts too many (144 for 90 at 2:4)
 * @throws ShapeError when the pattern does not fit rows and cols
 * @throws ValueError for an unknown pattern, a keep outside 0..group, more than 2^20 weights, or a block too large to
 * count ({@link countTransposableMasks})
 * @see Hubara et al. 2021, arXiv:2102.08124, mask diversity; the printed expression as quoted by a third-party summary
 * @example maskDiversity({ pattern: "transposable", keep: 2, group: 4 }) // { exact: 90n, printed: 144n }
 */
export function maskDiversity(options: MaskDiversityOptions): MaskDiversity {
  const { keep, group } = checkPattern("maskDiversity", options);
  const { pattern, rows = group, cols = group } = options;
  checkSides(rows, cols);
  const weights = rows * cols;
  switch (pattern) {
    case "unstructured":
      checkFit(pattern, rows, cols, group, weights % group === 0);
      return { exact: binomial(weights, (weights / group) * keep) };
    case "row":
      checkFit(pattern, rows, cols, group, cols % group === 0);
      return { exact: binomial(group, keep) ** BigInt(weights / group) };
    case "transposable": {
      checkFit(pattern, rows, cols, group, rows % group === 0 && cols % group === 0);
      const blocks = BigInt(weights / group / group);
      return {
        exact: countTransposableMasks({ keep, group }) ** blocks,
        printed: printedPerBlock(keep, group) ** blocks,
      };
    }
    default:
      throw new ValueError(
        `maskDiversity: pattern ${JSON.stringify(pattern)}, expected unstructured, row or transposable`,
      );
  }
}

/** M! (M-1)! … (M-N+1)! with the paper's N = zeros per line: one factorial per zero. */
function printedPerBlock(keep: number, group: number): bigint {
  let product = 1n;
  let factorial = 1n;
  for (let n = 1; n <= group; n++) {
    factorial *= BigInt(n);
    if (n > keep) product *= factorial;
  }
  return product;
}

function checkSides(rows: number, cols: number): void {
  const whole = Number.isInteger(rows) && Number.isInteger(cols) && rows > 0 && cols > 0;
  if (!whole || rows * cols > maxWeights) {
    throw new ValueError(
      `maskDiversity: rows = ${rows}, cols = ${cols}, expected positive integers, 2^20 weights at most`,
    );
  }
}

function checkFit(pattern: string, rows: number, cols: number, group: number, fits: boolean): void {
  if (!fits) {
    throw new ShapeError(
      `maskDiversity: ${rows} x ${cols}, expected a multiple of group = ${group} for ${pattern} masks`,
    );
  }
}
