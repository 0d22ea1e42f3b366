/** A widget of one's own, as a user writes it: contract, class, done. */
import { afterEach, expect, test } from "vitest";
import {
  type Change,
  closeAll,
  defineWidget,
  findWidget,
  registerWidget,
  traits,
  type WidgetSpec,
} from "../../widgets/index.js";
import { installHost, removeHost } from "./host-double.js";

afterEach(() => {
  closeAll();
  removeHost();
});

interface DialState {
  angle: number;
  mode: "free" | "snap";
  marks: readonly number[];
  note: string | null;
}

const dialSpec: WidgetSpec<DialState> = {
  name: "Dial",
  model: { module: "my-widgets", version: "^1.0.0", name: "DialModel" },
  view: { module: "my-widgets", version: "^1.0.0", name: "DialView" },
  traits: {
    angle: traits.float(0),
    mode: traits.oneOf<"free" | "snap">(["free", "snap"], "free"),
    marks: traits.list(traits.float(0)),
    note: { ...traits.nullable(traits.string("")), echo: false },
  },
};

class Dial extends defineWidget(dialSpec) {
  protected override settle(next: DialState): Partial<DialState> {
    return next.mode === "snap" ? { angle: Math.round(next.angle / 15) * 15 } : {};
  }
}

test("a custom widget has typed values, corrections, observers and its own front-end class", () => {
  const host = installHost();
  const dial = new Dial({ angle: 50, mode: "snap", layout: { width: "3em" } });
  expect([dial.angle, dial.layout.width]).toEqual([45, "3em"]);
  expect(host.take().at(-1)?.data.state).toMatchObject({
    _model_module: "my-widgets",
    _model_name: "DialModel",
    angle: 45,
  });
  const seen: Change<DialState, "angle">[] = [];
  dial.observe((change) => seen.push(change), "angle");
  dial.angle = 100;
  expect(seen.map(({ old, value }) => [old, value])).toEqual([[45, 105]]);
  host.take();
  host.update(dial.id, { note: "mine", marks: [1.5] });
  expect(host.take().map(({ data }) => [data.method, data.state])).toEqual([["echo_update", { marks: [1.5] }]]);
  expect(String(dial)).toBe('Dial({ angle: 105, mode: "snap", marks: [1.5], note: "mine" })');
});

test("a front end can create it once it is registered", () => {
  const host = installHost();
  registerWidget(dialSpec.model, () => new Dial());
  new Dial();
  host.open("jupyter.widget", "dial", { state: { _model_module: "my-widgets", _model_name: "DialModel" } });
  expect(findWidget("dial")).toBeInstanceOf(Dial);
});

test("a trait cannot take a name that every widget has", () => {
  const spec = { ...dialSpec, traits: { close: traits.bool(false) } } as unknown as WidgetSpec<DialState>;
  expect(() => new (defineWidget(spec))()).toThrow("Dial: trait close, expected a name that Widget has not");
});
