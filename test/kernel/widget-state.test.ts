/** What is kept of the widgets of a notebook that runs. */
import { expect, test } from "vitest";
import type { Message } from "../../kernel/io/wire.js";
import { createWidgetState } from "../../kernel/notebook/widget-state.js";

type Saved = { readonly state: Record<string, { readonly state: object; readonly buffers?: readonly object[] }> };

function message(type: string, data: object, buffers: readonly Uint8Array[] = []): Message {
  const content = { comm_id: "one", target_name: "jupyter.widget", data };
  return { identities: [], header: { msg_type: type }, parentHeader: {}, metadata: {}, content, buffers } as never;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const at = (path: readonly (string | number)[], ...values: number[]): object => ({
  path,
  data: Buffer.from(values).toString("base64"),
  encoding: "base64",
});

test("all buffers of one value are kept, and replaced together", () => {
  const widgets = createWidgetState();
  const saved = (): unknown => (widgets.save() as Saved).state.one?.buffers;
  const data = [{ x: { dtype: "uint8" }, y: { dtype: "uint8" } }];
  const paths = ["x", "y"].map((name) => ["data", 0, name, "data"]);
  const open = { state: { data }, buffer_paths: [...paths, ["value"]] };
  widgets.add(message("comm_open", open, [bytes(1), bytes(2), bytes(3)]));
  expect(saved()).toEqual([at(["data", 0, "x", "data"], 1), at(["data", 0, "y", "data"], 2), at(["value"], 3)]);
  const update = { method: "update", state: { data: [{ y: {} }] }, buffer_paths: [["data", 0, "y", "data"]] };
  widgets.add(message("comm_msg", update, [bytes(4)]));
  expect(saved()).toEqual([at(["value"], 3), at(["data", 0, "y", "data"], 4)]);
  // A value that is nothing but a buffer is named by its path alone.
  widgets.add(message("comm_msg", { method: "update", state: {}, buffer_paths: [["value"]] }, [bytes(5)]));
  expect(saved()).toEqual([at(["data", 0, "y", "data"], 4), at(["value"], 5)]);
  widgets.add(message("comm_msg", { method: "update", state: { value: null, data: [] } }));
  expect(saved()).toBeUndefined();
});
