/** Nodes and weights of Gauss–Legendre quadrature on -1..1. */
interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Returns P_n(x) and P_(n-1)(x), Legendre's polynomials. */
function legendre(n: number, x: number): [number, number] {
  let [before, at] = [1, x];
  for (let k = 2; k <= n; k++) [before, at] = [at, ((2 * k - 1) * x * at - (k - 1) * before) / k];
  return [at, before];
}

/** The roots of P_n lie between those of P_(n-1) and the ends: each is bisected, without a cosine to start from. */
function ruleOf(n: number): Rule {
  let roots = [0];
  for (let degree = 2; degree <= n; degree++) {
    const ends = [-1, ...roots, 1];
    roots = Array.from({ length: degree }, (_, i) => bisect(degree, ends[i] as number, ends[i + 1] as number));
  }
  const weights = roots.map((x) => {
    const slope = (n * legendre(n, x)[1]) / (1 - x * x);
    return 2 / ((1 - x * x) * slope * slope);
  });
  return { nodes: Float64Array.from(roots), weights: Float64Array.from(weights) };
}

function bisect(degree: number, from: number, to: number): number {
  const rising = legendre(degree, to)[0] > 0;
  let [low, high] = [from, to];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (legendre(degree, middle)[0] > 0 === rising) high = middle;
    else low = middle;
  }
}

let rule: Rule | undefined;

/** Returns the integral of a smooth function by 16 nodes: exact for polynomials of degree 31. */
export function integrate(f: (x: number) => number, from: number, to: number): number {
  rule ??= ruleOf(16);
  const { nodes, weights } = rule;
  const half = (to - from) / 2;
  let total = 0;
  for (let i = 0; i < nodes.length; i++) {
    total += (weights[i] as number) * f(from + half * (1 + (nodes[i] as number)));
  }
  return half * total;
}
