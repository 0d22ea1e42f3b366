import { ValueError } from "../errors.js";
import { normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";

/** A distribution around 0, by its spread; what `gradients.normalFit` and `laplaceFit` return fits too. */
export type SymmetricLaw =
  /** Normal with this standard deviation. */
  | { readonly kind: "normal"; readonly std: number }
  /** Laplace's with this mean of |x|. */
  | { readonly kind: "laplace"; readonly scale: number }
  /** Uniform on -limit..limit. */
  | { readonly kind: "uniform"; readonly limit: number };

/** A law of spread 1: std, scale or limit. All are functions of x >= 0. */
export interface UnitLaw {
  readonly variance: number;
  /** Beyond is nothing that a float64 would show. */
  readonly support: number;
  density(x: number): number;
  /** ∫ x^0, x^1 and x^2 times the density, from a to b; b may be Infinity. */
  moments(a: number, b: number): readonly [number, number, number];
}

const inverseSqrtTwoPi = 0.3989422804014327;

const normal: UnitLaw = {
  variance: 1,
  support: 39,
  density: (x) => inverseSqrtTwoPi * exp((-x * x) / 2),
  moments: (a, b) => {
    const mass = normalCdf(-a) - normalCdf(-b);
    const [atA, atB] = [normal.density(a), b < 39 ? normal.density(b) : 0];
    return [mass, atA - atB, mass + a * atA - (b < 39 ? b * atB : 0)];
  },
};

const laplace: UnitLaw = {
  variance: 2,
  support: 745,
  density: (x) => exp(-x) / 2,
  moments: (a, b) => {
    const [atA, atB] = [laplace.density(a), b < 745 ? laplace.density(b) : 0];
    const end = b < 745 ? b : 0;
    return [atA - atB, (a + 1) * atA - (end + 1) * atB, (a * a + 2 * a + 2) * atA - (end * end + 2 * end + 2) * atB];
  },
};

const uniform: UnitLaw = {
  variance: 1 / 3,
  support: 1,
  density: (x) => (x <= 1 ? 0.5 : 0),
  moments: (a, b) => {
    const [from, to] = [Math.min(a, 1), Math.min(b, 1)];
    return [(to - from) / 2, (to * to - from * from) / 4, (to * to * to - from * from * from) / 6];
  },
};

/** Returns the law of spread 1 and the spread. @throws ValueError for no law or a spread that is not > 0 and finite */
export function unitOf(caller: string, law: SymmetricLaw): readonly [UnitLaw, number] {
  const [unit, name, spread] = partsOf(caller, law);
  if (spread > 0 && Number.isFinite(spread)) return [unit, spread];
  throw new ValueError(`${caller}: ${law.kind} law with ${name} = ${spread}, expected a finite number > 0`);
}

function partsOf(caller: string, law: SymmetricLaw): readonly [UnitLaw, string, number] {
  switch (law?.kind) {
    case "normal":
      return [normal, "std", law.std];
    case "laplace":
      return [laplace, "scale", law.scale];
    case "uniform":
      return [uniform, "limit", law.limit];
    default:
      throw new ValueError(`${caller}: law ${JSON.stringify(law)}, expected a normal, laplace or uniform one`);
  }
}
