/** Checks a notebook against the schema of nbformat 4 and says what is wrong in words. */
import { z } from "zod";

/** Whether *value* is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const multiline = z.union([z.string(), z.array(z.string())]);
const record = z.record(z.string(), z.unknown());
const count = z.union([z.number().int().min(0), z.null()]);

const output = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.string(), text: multiline }),
  z.object({ output_type: z.literal("display_data"), data: record, metadata: record }),
  z.object({ output_type: z.literal("execute_result"), data: record, metadata: record, execution_count: count }),
  z.object({ output_type: z.literal("error"), ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
]);

const id = z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/);
const base = { id: id.optional(), metadata: record, source: multiline };
const cell = z.discriminatedUnion("cell_type", [
  z.object({ ...base, cell_type: z.literal("code"), execution_count: count, outputs: z.array(output) }),
  z.object({ ...base, cell_type: z.literal("markdown"), attachments: record.optional() }),
  z.object({ ...base, cell_type: z.literal("raw"), attachments: record.optional() }),
]);

const notebook = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.number().int().min(0),
  metadata: record,
  cells: z.array(cell),
});

/** Returns the first departure from the schema as a sentence; undefined for a valid notebook. */
export function problemOf(value: unknown): string | undefined {
  const result = notebook.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return `${issue?.path.map(String).join(".") || "the notebook"}: ${issue?.message ?? "is not valid"}`;
  }
  const { nbformat_minor: minor, cells } = result.data;
  if (minor < 5) return undefined;
  const seen = new Set<string>();
  for (const [index, { id }] of cells.entries()) {
    if (id === undefined) return `cells.${index}: has no id, which format 4.${minor} requires`;
    if (seen.has(id)) return `cells.${index}: the id "${id}" is used twice`;
    seen.add(id);
  }
  return undefined;
}
