/** Outputs in nbformat's form, gathered from the messages that tell of them. */
import type { HostOutput, JsonObject } from "../../../src/display.js";
import { viewMimeType } from "../protocol.js";

/** The list of one Output widget, as a front end would keep it. */
export class OutputList {
  #items: readonly JsonObject[] = [];
  #clearNext = false;
  readonly #displayIds: WeakMap<JsonObject, string> = new WeakMap();

  get items(): readonly JsonObject[] {
    return this.#items;
  }

  set items(items: readonly JsonObject[]) {
    this.#items = items;
    this.#clearNext = false;
  }

  /** Takes one output; text that follows text of the same stream joins it. */
  add({ type, content }: HostOutput): void {
    if (type === "clear_output") {
      this.#clear(content.wait === true);
      return;
    }
    if (type === "update_display_data") {
      this.#update(content);
      return;
    }
    if (this.#clearNext) this.items = [];
    const output = { output_type: type, ...fieldsOf(type, content) } as JsonObject;
    const last = this.#items.at(-1);
    if (type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      this.#items = [...this.#items.slice(0, -1), { ...last, text: `${last.text}${output.text}` }];
      return;
    }
    const id = displayIdOf(content);
    if (id !== undefined) this.#displayIds.set(output, id);
    this.#items = [...this.#items, output];
  }

  #clear(wait: boolean): void {
    if (wait) this.#clearNext = true;
    else this.items = [];
  }

  #update(content: JsonObject): void {
    const id = displayIdOf(content);
    if (id === undefined) return;
    this.#items = this.#items.map((output) => {
      if (this.#displayIds.get(output) !== id) return output;
      const updated = { ...output, data: content.data, metadata: content.metadata };
      this.#displayIds.set(updated, id);
      return updated;
    });
  }
}

/** Returns the ids of the widgets whose views are in these outputs. */
export function viewsIn(outputs: readonly JsonObject[]): string[] {
  return outputs.flatMap((output) => {
    const view = (output.data as JsonObject | undefined)?.[viewMimeType] as JsonObject | undefined;
    return typeof view?.model_id === "string" ? [view.model_id] : [];
  });
}

function fieldsOf(type: HostOutput["type"], content: JsonObject): object {
  if (type === "stream") return { name: content.name, text: content.text };
  if (type === "error") return { ename: content.ename, evalue: content.evalue, traceback: content.traceback };
  const { data, metadata = {}, execution_count: count } = content;
  return type === "execute_result" ? { data, metadata, execution_count: count } : { data, metadata };
}

function displayIdOf(content: JsonObject): string | undefined {
  const id = (content.transient as JsonObject | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}
