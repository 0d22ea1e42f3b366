/** The kernel half of the mask widget. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { arange, full, isTensor } from "../../src/tensor/index.js";
import { closeAll, MaskViewer } from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
});

test("opens with its weights as float32 bytes beside dtype and shape", () => {
  const viewer = new MaskViewer({
    weights: [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
    keep: 1,
    group: 2,
  });
  const opened = host.take().find(({ id }) => id === viewer.id);
  expect(opened?.data.state).toMatchObject({
    _model_module: "lowbit",
    _model_module_version: "^0.1.0",
    _model_name: "MaskModel",
    _view_name: "MaskView",
    weights: { dtype: "float32", shape: [2, 4] },
    keep: 1,
    group: 2,
    tile: [0, 0],
    shown: "transposable",
    transposed: false,
  });
  expect(opened?.data.buffer_paths).toEqual([["weights", "data"]]);
  expect([...new Float32Array(Uint8Array.from(opened?.buffers[0] ?? []).buffer)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("what is edited in a view is the viewer's weights and mask, and reaches other front ends", () => {
  const viewer = new MaskViewer({ weights: full([4, 4], 1) });
  const seen: unknown[] = [];
  viewer.observe(({ old, value }) => seen.push(old.data[0], value.data[0]), "weights");
  host.take();
  const edited = Float32Array.from(viewer.weights.data);
  edited[0] = 9;
  host.update(
    viewer.id,
    { weights: { dtype: "float32", shape: [4, 4] } },
    [["weights", "data"]],
    [new Uint8Array(edited.buffer)],
  );
  expect([viewer.weights.data[0], viewer.mask.data[0], seen]).toEqual([9, 1, [1, 9]]);
  expect(host.take().map(({ data, buffers }) => [data.method, buffers[0]?.length])).toEqual([["echo_update", 64]]);
});

test("any dtype is taken; float64 stays, others become float32", () => {
  const viewer = new MaskViewer({ weights: arange(16, { dtype: "int8", shape: [4, 4] }) });
  expect([viewer.weights.dtype, viewer.weights.data[15]]).toEqual(["float32", 15]);
  viewer.weights = arange(16, { dtype: "float64", shape: [4, 4] });
  expect(viewer.weights.dtype).toBe("float64");
  expect(isTensor(viewer.mask) && viewer.mask.dtype).toBe("bool");
});

test("the tile stays inside the matrix and on a multiple of the group", () => {
  const viewer = new MaskViewer({ weights: full([64, 24], 1), keep: 4, group: 8, tile: [1000, 9] });
  expect(viewer.tile).toEqual([48, 8]);
  viewer.weights = full([32, 8], 1);
  expect(viewer.tile).toEqual([16, 0]);
});

test.each([
  [{ weights: [[1, 2], [3]] }, "MaskViewer.weights: [[1,2],[3]], expected a matrix of finite weights, sides 1..4096"],
  [{ weights: [1, 2, 3, 4] }, "MaskViewer.weights: [1,2,3,4], expected a matrix"],
  [{ weights: [[Number.NaN, 1, 2, 3]] }, "MaskViewer.weights: [[NaN,1,2,3]], expected a matrix of finite weights"],
  [{ edits: [[0, 8, 1]] }, "MaskViewer.edits: [0, 8, 1], expected a place in the 8 x 8 matrix"],
  [{ edits: [[0, -1, 1]] }, "MaskViewer.edits: [[0,-1,1]], expected a list of [row, column, value]"],
  [{ edits: [[0, 1, Number.NaN]] }, "MaskViewer.edits: [[0,1,NaN]], expected a list of [row, column, value]"],
  [{ weights: full([6, 4], 1) }, "MaskViewer.weights: shape [6, 4], expected sides that are multiples of group = 4"],
  [{ keep: 5 }, "MaskViewer.keep: 5, expected a whole number 0..4 (group = 4)"],
  [{ keep: 1.5 }, "MaskViewer.keep: 1.5, expected a whole number"],
  [{ group: 32 }, "MaskViewer.group: 32, expected a whole number 1..16"],
  [{ shown: "best" }, 'MaskViewer.shown: "best", expected one of "unstructured", "row"'],
])("%j is refused", (options, message) => {
  expect(() => new MaskViewer(options as object)).toThrow(message);
});

test("a matrix with a side above 4096 is refused", () => {
  expect(() => new MaskViewer({ weights: full([4, 4100], 1) })).toThrow(
    "MaskViewer.weights: a float32 tensor of shape [4, 4100], expected a matrix",
  );
});

test("a matrix too large to be sent for every change is edited beside it, in the viewer's weights and mask too", () => {
  const weights = full([1024, 512], 1);
  const viewer = new MaskViewer({ weights });
  host.take();
  host.update(viewer.id, { edits: [[1000, 3, 9]] });
  expect([viewer.weights.data[1000 * 512 + 3], viewer.mask.data[1000 * 512 + 3]]).toEqual([9, 1]);
  expect(viewer.weights).toBe(viewer.weights);
  expect(weights.data[1000 * 512 + 3]).toBe(1);
  const sent = host.take().flatMap(({ buffers }) => buffers);
  expect(sent).toEqual([]);
  // A new matrix begins without the edits of the one before.
  viewer.weights = full([1024, 512], 2);
  expect([viewer.get("edits"), viewer.weights.data[1000 * 512 + 3]]).toEqual([[], 2]);
});

test("shows itself live, as a still picture and as text, of the tile where the matrix is larger", () => {
  const viewer = new MaskViewer({ weights: arange(32 * 32, { shape: [32, 32] }), tile: [16, 0] });
  const bundle = viewer.mimeBundle();
  expect(Object.keys(bundle).sort()).toEqual([
    "application/vnd.jupyter.widget-view+json",
    "image/svg+xml",
    "text/plain",
  ]);
  expect(bundle["text/plain"]).toContain("Tile at 16, 0\nMasks that keep 2 of 4, 16 x 16 weights");
  const svg = bundle["image/svg+xml"] as string;
  expect(svg.match(/<svg /g)).toHaveLength(5);
  for (const name of ["Row-wise: keeps", "Transposable optimum: keeps", "Greedy-keep: keeps", "Greedy-prune: keeps"])
    expect(svg).toContain(name);
  expect(svg.length).toBeLessThan(120_000);
});
