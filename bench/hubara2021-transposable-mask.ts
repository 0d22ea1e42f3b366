/** N:M and transposable masks: our methods against NumPy and SciPy. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as random from "../src/random/index.js";
import * as sparsity from "../src/sparsity/index.js";
import type { Mask, Tensor } from "../src/tensor/index.js";
import { type Computation, measure, ours, type Variant } from "./lib/measure.js";
import { type PythonPeer, startPython } from "./lib/python-peer.js";
import { describeMachine, type Report } from "./lib/report.js";

const side = 512;

/** Runs the benchmark; about a minute with a peer, seconds without. */
export async function run(): Promise<Report> {
  const weights = random.normal(random.key(2021), [side, side]);
  const folder = mkdtempSync(join(tmpdir(), "lowbit-bench-"));
  const file = join(folder, "weights.f32");
  writeFileSync(file, new Uint8Array(weights.data.buffer));
  const script = new URL("./hubara2021-transposable-mask.py", import.meta.url);
  const peer = await startPython(script, [file, String(side)]);
  try {
    const timings = await measure(computations(weights, typeof peer === "string" ? undefined : peer));
    return {
      title: `Masks of a ${side} x ${side} matrix`,
      machine: describeMachine(),
      versions: { node: process.versions.node, ...(typeof peer === "string" ? {} : peer.versions) },
      notes: leftOut(peer),
      timings,
    };
  } finally {
    if (typeof peer !== "string") peer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function leftOut(peer: PythonPeer | string): string[] {
  if (typeof peer === "string") return [`Left out: the Python peers, because ${peer}.`];
  return peer.offers.includes("t48-lp") ? [] : ["Left out: the linear program of SciPy, because it is not installed."];
}

function computations(weights: Tensor, peer: PythonPeer | undefined): Computation[] {
  const kept = (mask: Mask): number => sparsity.keptMagnitude(weights, mask);
  const mask = (name: string, make: () => Mask): Variant => ours(name, make, kept);
  const small = { keep: 2, group: 4 };
  const large = { keep: 4, group: 8 };
  const by = (name: string, library: string, offer: string): Variant[] =>
    peer?.offers.includes(offer) ? [peer.variant(name, library, offer)] : [];
  return [
    {
      name: "row-wise 2:4",
      variants: [mask("nmMask", () => sparsity.nmMask(weights, small)), ...by("argpartition", "NumPy", "nm24")],
    },
    {
      name: "row-wise 4:8",
      variants: [mask("nmMask", () => sparsity.nmMask(weights, large)), ...by("argpartition", "NumPy", "nm48")],
    },
    {
      name: "transposable 2:4, optimum",
      variants: [
        mask("exact (flow)", () => sparsity.transposableMask(weights, { ...small, method: "exact" })),
        mask("exhaustive (90 masks)", () => sparsity.transposableMask(weights, { ...small, method: "exhaustive" })),
        ...by("90 masks by matrix product", "NumPy", "t24"),
      ],
    },
    {
      name: "transposable 4:8, keep-greedy",
      variants: [
        mask("greedy-keep", () => sparsity.transposableMask(weights, { ...large, method: "greedy-keep" })),
        ...by("one rank of all blocks at a time", "NumPy", "t48-greedy"),
      ],
    },
    {
      name: "transposable 4:8, optimum",
      rounds: 3,
      variants: [
        mask("exact (flow)", () => sparsity.transposableMask(weights, { ...large, method: "exact" })),
        ...by("linear program, 64 blocks a call (HiGHS)", "SciPy", "t48-lp"),
      ],
    },
  ];
}
