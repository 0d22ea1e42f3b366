import { ValueError } from "../errors.js";
import { log } from "./log.js";

/**
 * Returns the number of ways to choose `k` of `n` things, exactly. 0 when k > n.
 * @throws ValueError unless n and k are integers, 0 <= k, 0 <= n <= 2^24
 * @see the exponent of each prime by Kummer's theorem, so that nothing is ever divided
 * @example binomial(64, 32) // 1832624140942590534n
 */
export function binomial(n: number, k: number): bigint {
  if (!Number.isInteger(n) || !Number.isInteger(k) || n < 0 || n > 2 ** 24 || k < 0) {
    throw new ValueError(`binomial: n = ${n}, k = ${k}, expected integers 0 <= n <= 2^24, 0 <= k`);
  }
  if (k > n) return 0n;
  const factors: bigint[] = [];
  for (const prime of primesUpTo(n)) {
    const exponent = carries(prime, k, n - k);
    if (exponent > 0) factors.push(BigInt(prime) ** BigInt(exponent));
  }
  return productOf(factors);
}

/**
 * Returns n! = 1 2 … n, exactly. @throws ValueError when n is not an integer 0 <= n <= 100,000
 * @example factorial(5) // 120n
 */
export function factorial(n: number): bigint {
  if (!Number.isInteger(n) || n < 0 || n > 100_000) {
    throw new ValueError(`factorial: n = ${n}, expected an integer 0 <= n <= 100000`);
  }
  return productOf(Array.from({ length: n }, (_, i) => BigInt(i + 1)));
}

/**
 * Returns log10 of a positive integer of any size, to about 15 digits: counts are shown on a log scale.
 * @throws ValueError when n < 1
 * @example log10(116963796250n) // 11.0680...
 */
export function log10(n: bigint): number {
  if (n < 1n) throw new ValueError(`log10: n = ${n}, expected an integer >= 1`);
  const digits = n.toString();
  return log(Number(`${digits[0]}.${digits.slice(1, 18)}`)) / Math.LN10 + digits.length - 1;
}

/** Returns how many carries occur when a and b are added in the given base: the base's exponent in C(a + b, a). */
function carries(base: number, a: number, b: number): number {
  let count = 0;
  let carry = 0;
  for (let x = a, y = b; x + y + carry > 0; x = Math.floor(x / base), y = Math.floor(y / base)) {
    carry = (x % base) + (y % base) + carry >= base ? 1 : 0;
    count += carry;
  }
  return count;
}

function primesUpTo(n: number): number[] {
  const composite = new Uint8Array(n + 1);
  const primes: number[] = [];
  for (let i = 2; i <= n; i++) {
    if (composite[i]) continue;
    primes.push(i);
    for (let multiple = i * i; multiple <= n; multiple += i) composite[multiple] = 1;
  }
  return primes;
}

/** Multiplies neighbours in rounds, so that factors stay of similar length: much faster than one by one. */
function productOf(factors: readonly bigint[]): bigint {
  let round = factors;
  while (round.length > 1) {
    const next: bigint[] = [];
    for (let i = 0; i < round.length; i += 2) next.push((round[i] as bigint) * (round[i + 1] ?? 1n));
    round = next;
  }
  return round[0] ?? 1n;
}
