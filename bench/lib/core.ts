/** Compute kernels beside their Python peers: what a group of them is, and how its rows are measured. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "../../src/coding/crc32.js";
import { writeNpy } from "../../src/io/index.js";
import type { DataByDtype, Dtype, Tensor, TensorData } from "../../src/tensor/index.js";
import * as tensor from "../../src/tensor/index.js";
import * as wasm from "../../src/wasm/index.js";
import { type CorePeer, startCorePeer } from "./core-peer.js";
import { quantile } from "./measure.js";

/** Where our tensors lie: inside WebAssembly memory, or in ordinary arrays, from which they stream through it. */
export type Place = "in place" | "streamed";

/** Makes tensors in one place. */
export interface Shelf {
  readonly place: Place;
  /** Returns the same values in this place. */
  put<D extends Dtype>(values: Tensor<D>): Tensor<D>;
  /** Returns room for a result that is used again. */
  room<D extends Dtype>(shape: readonly number[], dtype: D): Tensor<D>;
}

/** One computation, ours and the peers'. */
export interface CoreKernel {
  /** Its name; the peers' script offers `<name>/<peer>`. */
  readonly name: string;
  readonly size: string;
  /** Bytes that have to be read and written at least; left out where memory is not what limits. */
  readonly bytes?: number;
  /** The peers asked, the fused ones apart: `numba` is a peer at the memory limit. */
  readonly peers: readonly string[];
  /** How far the peers' numbers may be from ours, relative to the largest of them; default 0. */
  readonly tolerance?: number;
  /** Rounds; default those of the run. */
  readonly rounds?: number;
  /** Threads it is also run on; default none but one. */
  readonly threads?: readonly number[];
  /** Only where memory does not matter: no column of its own for tensors in WebAssembly memory. */
  readonly places?: readonly Place[];
  /** Returns what is timed, and what its result comes down to: numbers that the peer's must equal. */
  prepare(shelf: Shelf): { run(): unknown; values(result: unknown): readonly number[] };
}

/** Kernels that share inputs and a script. */
export interface CoreGroup {
  readonly name: string;
  /** By name, as the script loads them. */
  inputs(): Readonly<Record<string, Tensor>>;
  kernels(inputs: Readonly<Record<string, Tensor>>): readonly CoreKernel[];
}

/** One row of the results: one kernel of ours beside one peer. */
export interface CoreRow {
  readonly kernel: string;
  readonly size: string;
  readonly place: Place;
  readonly threads: number;
  readonly node: string;
  readonly peer: string;
  readonly peerVersion: string;
  readonly oursMs: number;
  /** Null where the peer could not be had; `reason` says why. */
  readonly peerMs: number | null;
  /** The peer's time over ours. */
  readonly ratio: number | null;
  /** The middle half of the rounds' ratios. */
  readonly spread: readonly [number, number] | null;
  /** The time that copying the least possible bytes takes over ours; null where memory does not limit. */
  readonly limitShare: number | null;
  readonly sameResult: boolean | null;
  readonly reason?: string;
}

/** How a run is made. */
export interface CoreOptions {
  readonly rounds: number;
  readonly threads: readonly number[];
  /** Kernels whose name contains one of these; empty: all. */
  readonly only: readonly string[];
  readonly python: string;
  /** The folder of the groups' scripts. */
  readonly scripts: URL;
}

/** Returns the checksum of an array's bytes, as the scripts' `digest`. */
export function digest({ data }: Tensor): readonly number[] {
  return [crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/** Measures a group and returns its rows, with the versions of its peers. */
export async function measureGroup(
  group: CoreGroup,
  options: CoreOptions,
): Promise<{ readonly rows: CoreRow[]; readonly versions: Readonly<Record<string, string>> }> {
  const inputs = group.inputs();
  const wanted = group
    .kernels(inputs)
    .filter(({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)));
  if (wanted.length === 0) return { rows: [], versions: {} };
  const folder = mkdtempSync(join(tmpdir(), "lowbit-bench-"));
  for (const [name, values] of Object.entries(inputs)) writeFileSync(join(folder, `${name}.npy`), writeNpy(values));
  const rows: CoreRow[] = [];
  let versions: Readonly<Record<string, string>> = {};
  try {
    for (const threads of options.threads) {
      const kernels = wanted.filter((kernel) => threads === 1 || kernel.threads?.includes(threads));
      if (kernels.length === 0) continue;
      const peer = await startCorePeer(options.python, new URL(`${group.name}.py`, options.scripts), [
        ...[folder, String(threads)],
      ]);
      versions = peer.versions;
      try {
        for (const kernel of kernels) rows.push(...(await measureKernel(kernel, peer, threads, options)));
      } finally {
        peer.close();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows, versions };
}

/** What is timed in turn: one of ours or a peer's. */
interface Contestant {
  run(): Promise<{ readonly milliseconds: number; readonly values: readonly number[] }>;
}

const warmups = 2;

async function measureKernel(
  kernel: CoreKernel,
  peer: CorePeer,
  threads: number,
  options: CoreOptions,
): Promise<CoreRow[]> {
  wasm.configure({ threads });
  const places = kernel.places ?? (["in place", "streamed"] as const);
  const held: Tensor[] = [];
  try {
    const ours = places.map((place) => prepared(kernel, shelfOf(place, held)));
    const offered = kernel.peers.filter((name) => peer.offers.includes(`${kernel.name}/${name}`));
    const theirs = offered.map((name): Contestant => ({ run: () => peer.ask(`${kernel.name}/${name}`) }));
    const rounds = kernel.rounds ?? options.rounds;
    const copies: number[] = [];
    const samples = await takeTurns([...ours, ...theirs], rounds, () => copies.push(copyRate()));
    const limit = kernel.bytes === undefined ? undefined : kernel.bytes / middle(copies);
    return places.flatMap((place, i) =>
      kernel.peers.map((name): CoreRow => {
        const at = offered.indexOf(name);
        const our = samples[i] as Turn;
        const their = at < 0 ? undefined : samples[places.length + at];
        return rowOf({ kernel, place, threads, name, peer, our, their, limit });
      }),
    );
  } finally {
    for (const each of held) tensor.free(each);
    wasm.configure();
  }
}

/** What one contestant's rounds gave. */
interface Turn {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

async function takeTurns(contestants: readonly Contestant[], rounds: number, between: () => void): Promise<Turn[]> {
  const turns = contestants.map(() => ({ times: [] as number[], values: [] as readonly number[] }));
  for (let round = -warmups; round < rounds; round++) {
    between();
    for (const [i, contestant] of contestants.entries()) {
      const { milliseconds, values } = await contestant.run();
      const turn = turns[i] as { times: number[]; values: readonly number[] };
      turn.values = values;
      if (round >= 0) turn.times.push(milliseconds);
    }
  }
  return turns;
}

interface RowParts {
  readonly kernel: CoreKernel;
  readonly place: Place;
  readonly threads: number;
  readonly name: string;
  readonly peer: CorePeer;
  readonly our: Turn;
  readonly their: Turn | undefined;
  readonly limit: number | undefined;
}

function rowOf({ kernel, place, threads, name, peer, our, their, limit }: RowParts): CoreRow {
  const oursMs = middle(our.times);
  const library = name.split(" ")[0] as string;
  const head = { kernel: kernel.name, size: kernel.size, place, threads, node: process.versions.node, peer: name };
  const limitShare = limit === undefined ? null : rounded(limit / oursMs);
  const peerVersion = peer.versions[packageOf(library)] ?? "";
  if (their === undefined) {
    const reason = peer.missing[library] ?? "not offered by the peers' script";
    const none = { peerMs: null, ratio: null, spread: null, limitShare, sameResult: null };
    return { ...head, peerVersion, oursMs: rounded(oursMs), ...none, reason };
  }
  const ratios = our.times.map((time, i) => (their.times[i] as number) / time);
  const same = agree(our.values, their.values, kernel.tolerance ?? 0);
  if (!same) {
    throw new Error(
      `${kernel.name}: ${name} computes ${their.values.slice(0, 4)}, we compute ${our.values.slice(0, 4)}`,
    );
  }
  const peerMs = middle(their.times);
  return {
    ...head,
    peerVersion,
    oursMs: rounded(oursMs),
    peerMs: rounded(peerMs),
    ratio: rounded(peerMs / oursMs),
    spread: [rounded(quantile(ratios, 0.25)), rounded(quantile(ratios, 0.75))],
    limitShare,
    sameResult: same,
  };
}

/** Whether two lists of numbers are as near as the tolerance says. */
export function agree(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] as number)) <= tolerance * scale);
}

/** Where the names differ: packages as PyPI knows them. */
function packageOf(library: string): string {
  const names: Readonly<Record<string, string>> = { pywt: "PyWavelets", OR: "ortools", HiGHS: "highspy" };
  return names[library] ?? library;
}

function prepared(kernel: CoreKernel, shelf: Shelf): Contestant {
  const { run, values } = kernel.prepare(shelf);
  return {
    run: async () => {
      const start = performance.now();
      const result = run();
      const milliseconds = performance.now() - start;
      return { milliseconds, values: values(result) };
    },
  };
}

function shelfOf(place: Place, held: Tensor[]): Shelf {
  const room = <D extends Dtype>(shape: readonly number[], dtype: D): Tensor<D> => {
    const made = tensor.empty(shape, dtype, { memory: place === "in place" ? "wasm" : "ordinary" });
    if (place === "in place") held.push(made);
    return made;
  };
  const put = <D extends Dtype>(values: Tensor<D>): Tensor<D> => {
    const copy = room(values.shape, values.dtype);
    (copy.data as TensorData).set(values.data as DataByDtype[Dtype]);
    return copy;
  };
  return { place, put, room };
}

let source: Float32Array | undefined;
let target: Float32Array | undefined;

/** Returns how fast memory is copied just now, in bytes read and written per millisecond. */
function copyRate(): number {
  source ??= new Float32Array(2 ** 24).fill(1);
  target ??= new Float32Array(2 ** 24).fill(2);
  const start = performance.now();
  target.set(source);
  return (2 * source.byteLength) / (performance.now() - start);
}

const middle = (values: readonly number[]): number => quantile(values, 0.5);

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
