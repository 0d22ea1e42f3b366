/** The widget that shows cell outputs. */
import type { JsonObject, MimeBundle } from "../../../src/display.js";
import { DOMWidget, type DOMWidgetState } from "../dom-widget.js";

/** A list of outputs in nbformat's form. */
export interface OutputsState {
  outputs: readonly JsonObject[];
}

/** Shows what is appended to it. @example const log = new Output(); log.appendStdout("step 1\n") */
export class OutputWidget<State extends OutputsState> extends DOMWidget<State> {
  /** Adds text as if printed. */
  appendStdout(text: string): void {
    this.#appendStream("stdout", text);
  }

  /** Adds text as if printed to stderr. */
  appendStderr(text: string): void {
    this.#appendStream("stderr", text);
  }

  /** Adds a value in its representations by MIME type. @example log.appendDisplay({ "text/html": "<b>3</b>" }) */
  appendDisplay(data: MimeBundle, metadata: JsonObject = {}): void {
    this.#append({ output_type: "display_data", data, metadata });
  }

  /** Removes every output. */
  clear(): void {
    this.#replace([]);
  }

  #appendStream(name: "stdout" | "stderr", text: string): void {
    const last = this.get("outputs").at(-1);
    if (last?.output_type === "stream" && last.name === name) {
      this.#replace([...this.get("outputs").slice(0, -1), { ...last, text: `${last.text}${text}` }]);
    } else {
      this.#append({ output_type: "stream", name, text });
    }
  }

  #append(output: JsonObject): void {
    this.#replace([...this.get("outputs"), output]);
  }

  #replace(outputs: readonly JsonObject[]): void {
    this.set({ outputs } as unknown as Partial<State & DOMWidgetState>);
  }
}
