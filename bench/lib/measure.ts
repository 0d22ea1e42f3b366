/** Times variants of the same computation side by side, and refuses to compare what does not agree. */

/** One timed run. */
export interface Sample {
  readonly milliseconds: number;
  /** What was computed, condensed to one number that all variants of a computation share. */
  readonly value: number;
}

/** One way to compute something. */
export interface Variant {
  readonly name: string;
  /** Who made it: lowbit, or the library it is compared with. */
  readonly by: string;
  run(): Sample | Promise<Sample>;
}

/** A computation and the ways to do it; the first variant is what the others are compared with. */
export interface Computation {
  readonly name: string;
  readonly variants: readonly Variant[];
  /** How far values may differ, relative; default 1e-6 (float32 sums). */
  readonly tolerance?: number;
  /** Timed rounds; default that of {@link measure}. */
  readonly rounds?: number;
}

/** What {@link measure} found for one variant. */
export interface Timing {
  readonly computation: string;
  readonly variant: string;
  readonly by: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly rounds: number;
  readonly value: number;
  /** Median time over that of the first variant of the computation. */
  readonly relative: number;
}

/**
 * Returns the median time of every variant. Rounds alternate between the variants, so that noise on the machine
 * falls on all of them; the first two rounds are not counted.
 * @throws Error when two variants of a computation compute different values
 */
export async function measure(computations: readonly Computation[], rounds = 9): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const computation of computations)
    timings.push(...(await measureOne(computation, computation.rounds ?? rounds)));
  return timings;
}

const warmups = 2;

async function measureOne(computation: Computation, rounds: number): Promise<Timing[]> {
  const { name, variants, tolerance = 1e-6 } = computation;
  const samples = variants.map((): Sample[] => []);
  for (let round = 0; round < warmups + rounds; round++) {
    for (const [i, variant] of variants.entries()) {
      const sample = await variant.run();
      if (round >= warmups) samples[i]?.push(sample);
    }
  }
  const values = samples.map((of) => of[0]?.value ?? Number.NaN);
  const first = values[0] as number;
  for (const [i, value] of values.entries()) {
    if (!(Math.abs(value - first) <= tolerance * Math.abs(first))) {
      throw new Error(`${name}: "${variants[i]?.name}" computes ${value}, "${variants[0]?.name}" computes ${first}`);
    }
  }
  const medians = samples.map((of) => median(of.map(({ milliseconds }) => milliseconds)));
  return variants.map((variant, i) => ({
    computation: name,
    variant: variant.name,
    by: variant.by,
    medianMs: medians[i] as number,
    minMs: Math.min(...(samples[i] as Sample[]).map(({ milliseconds }) => milliseconds)),
    rounds,
    value: values[i] as number,
    relative: (medians[i] as number) / (medians[0] as number),
  }));
}

/** Returns the middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Returns the value below which the given share of the values lies, between neighbours in proportion. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - below);
}

/** Returns a variant of our own: `compute` is timed, `condense` is not. */
export function ours<T>(name: string, compute: () => T, condense: (result: T) => number): Variant {
  return {
    name,
    by: "lowbit",
    run: () => {
      const start = performance.now();
      const result = compute();
      const milliseconds = performance.now() - start;
      return { milliseconds, value: condense(result) };
    },
  };
}
