/** What a cell prints: `process.stdout` and `process.stderr`, and `console` through them. */
import { Console } from "node:console";
import { StringDecoder } from "node:string_decoder";
import { pieces } from "../io/characters.js";
import { offer } from "./capture.js";
import { currentContext } from "./context.js";
import type { Line } from "./line.js";

/** Long texts go out in pieces, so that back-pressure can work. */
const pieceLength = 1024 * 1024;

/** Replaces the write functions of the process's two streams, and `console`, which writes to them. */
export function installStreams(line: Line): void {
  for (const name of ["stdout", "stderr"] as const) {
    // A character may be split over two writes: the decoder keeps its first bytes.
    const decoder = new StringDecoder("utf8");
    const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
      const done = typeof encoding === "function" ? encoding : callback;
      const text = typeof chunk === "string" ? decodeText(chunk, encoding) : decoder.write(toBuffer(chunk));
      const parent = currentContext()?.parent ?? "{}";
      if (text === "" || !offer("stream", () => ({ name, text }))) {
        for (const piece of pieces(text, pieceLength)) line.stream(name, piece, parent);
      }
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
    Object.defineProperty(process[name], "write", { value: write, writable: true, configurable: true });
  }
  installConsole();
}

/**
 * Node's own console also reports to the inspector that a stop needs, which keeps the last thousand things that were
 * printed alive and calls their getters from native code, where a stop is swallowed. A fresh console does not.
 */
function installConsole(): void {
  const fresh = new Console({ stdout: process.stdout, stderr: process.stderr });
  const methods = Object.entries(fresh).filter(([, value]) => typeof value === "function");
  Object.assign(console, Object.fromEntries(methods));
}

function decodeText(text: string, encoding: unknown): string {
  if (typeof encoding !== "string" || /^utf-?8$/i.test(encoding)) return text;
  return Buffer.from(text, encoding as BufferEncoding).toString("utf8");
}

function toBuffer(chunk: unknown): Buffer {
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError(`write: the chunk is ${typeof chunk}, expected a string or a typed array`);
}
