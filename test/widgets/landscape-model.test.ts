/** The kernel half of the landscape widget. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { from, full } from "../../src/tensor/index.js";
import { closeAll, LossLandscape } from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
});

const z = from(
  [
    [1, 2, 3],
    [4, Number.POSITIVE_INFINITY, 6],
  ],
  { dtype: "float64" },
);

test("opens with grids, axes and path as bytes", () => {
  const widget = new LossLandscape({
    z,
    x: [0, 1, 3],
    y: [5, 6],
    trajectory: [
      [0, 5],
      [3, 6],
    ],
    x_label: "alpha",
  });
  const opened = host.take().find(({ id }) => id === widget.id);
  expect(opened?.data.state).toMatchObject({
    _model_name: "LossLandscapeModel",
    _view_name: "LossLandscapeView",
    z: { dtype: "float64", shape: [2, 3] },
    trajectory: { dtype: "float64", shape: [2, 2] },
    other: null,
    x_label: "alpha",
    camera: [-60, 32, 2.5],
  });
  expect(opened?.data.buffer_paths).toEqual([
    ["z", "data"],
    ["x", "data"],
    ["y", "data"],
    ["trajectory", "data"],
  ]);
});

test("a camera that is turned in a view arrives, in its range", () => {
  const widget = new LossLandscape();
  const seen: unknown[] = [];
  widget.observe(({ value }) => seen.push(value), "camera");
  host.update(widget.id, { camera: [270, 95, 3] });
  expect([widget.camera, seen]).toEqual([[-90, 89, 3], [[-90, 89, 3]]]);
  widget.log = true;
  expect(widget.get("log")).toBe(true);
});

test.each([
  [{ z: [1, 2] }, "LossLandscape.z: [1,2], expected a matrix of losses, sides 2..201"],
  [{ z: full([1, 5], 1) }, "expected a matrix of losses, sides 2..201"],
  [{ z: full([202, 5], 1) }, "expected a matrix of losses, sides 2..201"],
  [{ z: full([2, 2], Number.NaN) }, "one of them finite at least"],
  [{ z, other: full([3, 2], 1) }, "LossLandscape.other: shape [3, 2], expected [2, 3] as the first grid has"],
  [{ z, x: [1, 2] }, "LossLandscape.x: 2 values, expected 3 for [2, 3]"],
  [{ z, y: [1, 2, 3] }, "LossLandscape.y: 3 values, expected 2 for [2, 3]"],
  [{ z, x: [1, 1, 2] }, "LossLandscape.x: [1,1,2], expected rising finite numbers or null"],
  [{ trajectory: [[1, 2, 3, 4]] }, "LossLandscape.trajectory: [[1,2,3,4]], expected finite points [points, 2 or 3]"],
  [{ levels: 2 }, "LossLandscape.levels: 2, expected a whole number 3..40"],
  [{ camera: [0, 0] }, "LossLandscape.camera: [0,0], expected three finite numbers"],
])("%j is refused", (options, message) => {
  expect(() => new LossLandscape(options as object)).toThrow(message);
});

test("shows itself live, as a still picture and as text", () => {
  const bundle = new LossLandscape({ z, title: "toy" }).mimeBundle();
  expect(Object.keys(bundle).sort()).toEqual([
    "application/vnd.jupyter.widget-view+json",
    "image/svg+xml",
    "text/plain",
  ]);
  expect(bundle["text/plain"]).toContain("toy: 2 x 3 values, loss 1 to 6, lowest at x 0, y 0; 1 gaps");
});
