import { failAt, nextField, repeated, signed, type WireField, type WireReader, within } from "./protobuf.js";
import { fromUtf8 } from "./utf8.js";

/** An initialiser of a graph, whose values are not read yet. */
export interface OnnxInitializer {
  readonly name: string;
  /** The number of its data type. */
  readonly type: number;
  readonly shape: readonly number[];
  /** Whether the values are in another file. */
  readonly external: boolean;
  /** Where the message begins. */
  readonly at: number;
  /** The fields that hold values, by number. */
  readonly fields: ReadonlyMap<number, readonly WireField[]>;
}

/** Numbers of fields in onnx.proto. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const tensorFields = { dims: 1, type: 2, segment: 3, name: 8, location: 14 } as const;
const mostAxes = 64;

/** Returns the initialisers of a model. @throws FileFormatError for what is no model @see onnx.proto */
export function readInitializers(caller: string, bytes: Uint8Array): OnnxInitializer[] {
  const model: WireReader = { caller, bytes, at: 0, end: bytes.length };
  const found: OnnxInitializer[] = [];
  let graphs = 0;
  for (let field = nextField(model); field; field = nextField(model)) {
    if (field.field !== graphOfModel) continue;
    const graph = messageOf(model, field);
    graphs++;
    for (let inner = nextField(graph); inner; inner = nextField(graph)) {
      if (inner.field === initializerOfGraph) found.push(initializerOf(messageOf(graph, inner)));
    }
  }
  if (graphs === 0) failAt(model, "no graph", "a model with one");
  return found;
}

function messageOf(reader: WireReader, field: WireField): WireReader {
  if (field.wire !== 2) failAt(reader, `a message of wire type ${field.wire}`, "2", field.from);
  return within(reader, field);
}

function initializerOf(reader: WireReader): OnnxInitializer {
  const at = reader.at;
  const fields = new Map<number, WireField[]>();
  for (let field = nextField(reader); field; field = nextField(reader)) {
    const same = fields.get(field.field);
    if (same) same.push(field);
    else fields.set(field.field, [field]);
  }
  const of = (number: number): readonly WireField[] => fields.get(number) ?? [];
  if (of(tensorFields.segment).length > 0) failAt(reader, "a tensor in segments", "a whole one", at);
  const shape = repeated(reader, of(tensorFields.dims), signed);
  if (shape.length > mostAxes || shape.some((side) => side < 0)) {
    failAt(reader, `dims [${shape.slice(0, 70).join(", ")}]`, `at most ${mostAxes} sides >= 0`, at);
  }
  const last = of(tensorFields.name).at(-1);
  const name = last ? fromUtf8(reader.bytes.subarray(last.from, last.to)) : "";
  if (name === undefined) failAt(reader, "a name that is no UTF-8", "one that is", last?.from);
  const type = repeated(reader, of(tensorFields.type), signed).at(-1) ?? 0;
  const external = (repeated(reader, of(tensorFields.location), signed).at(-1) ?? 0) !== 0;
  return { name: name as string, type, shape, external, at, fields };
}
