/** Widgets inside values, at any depth, both ways. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  anything,
  anyWidget,
  Button,
  closeAll,
  defineWidget,
  Label,
  traits,
  type Widget,
  type WidgetSpec,
} from "../../widgets/index.js";
import { type HostDouble, installHost, removeHost } from "./host-double.js";

interface BoardState {
  content: unknown;
  chosen: Widget | null;
}

const boardSpec: WidgetSpec<BoardState> = {
  name: "Board",
  model: { module: "my-widgets", version: "^1.0.0", name: "BoardModel" },
  view: { module: "my-widgets", version: "^1.0.0", name: null },
  traits: { content: anything<unknown>({}), chosen: traits.nullable(anyWidget()) },
};
class Board extends defineWidget(boardSpec) {}

let host: HostDouble;
beforeEach(() => {
  host = installHost();
});
afterEach(() => {
  closeAll();
  removeHost();
  vi.restoreAllMocks();
});

test("widgets and bytes travel from any depth", () => {
  const [a, b] = [new Button(), new Label()];
  const board = new Board({ content: { rows: [[a, { deep: b }], new Uint8Array([7])], n: 1 }, chosen: a });
  const opened = host.take().find(({ id }) => id === board.id);
  expect(opened?.data.state).toMatchObject({
    _view_name: null,
    content: { rows: [[`IPY_MODEL_${a.id}`, { deep: `IPY_MODEL_${b.id}` }], null], n: 1 },
    chosen: `IPY_MODEL_${a.id}`,
  });
  expect(opened?.data.buffer_paths).toEqual([["content", "rows", 1]]);
  expect(opened?.buffers).toEqual([[7]]);
});

test("references arrive as widgets at any depth; unknown ones stay text", () => {
  const a = new Button();
  const board = new Board();
  const content = { list: [[`IPY_MODEL_${a.id}`], "IPY_MODEL_unknown", "plain"] };
  host.update(board.id, { content, chosen: `IPY_MODEL_${a.id}` });
  expect(board.content).toEqual({ list: [[a], "IPY_MODEL_unknown", "plain"] });
  expect(board.chosen).toBe(a);
  host.update(board.id, { chosen: null });
  expect(board.chosen).toBeNull();
});

test("what cannot travel is refused: functions, NaN, cycles, closed widgets", () => {
  const closed = new Button();
  closed.close();
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const content of [() => 0, { n: Number.NaN }, cycle, [closed], { when: new Date(0) }, undefined]) {
    const board = new Board();
    expect(() => board.set({ content })).toThrow("Board.content: ");
  }
});

test("a widget without a view shows itself as text only", () => {
  expect(new Board().mimeBundle()).toEqual({ "text/plain": "Board()" });
});

test("the same widget in place of itself is no change, another one is", () => {
  const [a, b] = [new Button(), new Button()];
  const board = new Board({ content: [a] });
  host.take();
  board.content = [a];
  expect(host.take()).toEqual([]);
  board.content = [b];
  expect(host.take().map(({ data }) => data.state)).toEqual([{ content: [`IPY_MODEL_${b.id}`] }]);
});
