/** What Python's literals become: dictionaries are maps, tuples and lists arrays. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | readonly PythonLiteral[]
  | ReadonlyMap<string, PythonLiteral>;

/** A literal that cannot be read; `at` is where. */
export class LiteralError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Text without escapes, a word, a whole number, or a bracket. */
const token = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False|None)|(\d{1,16})[lL]?(?![\w.])|([{}()[\],:]))/y;
const words: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
/** A tuple of tuples in a list in a dictionary: more stands in no header. */
const deepest = 4;

interface Reader {
  readonly text: string;
  at: number;
}

/**
 * Reads a dictionary, list, tuple, text, whole number, True, False or None as Python writes them; no names, no
 * expressions, no escapes, and a key of a dictionary stands there once.
 * @throws LiteralError for anything else
 * @example parseLiteral("{'shape': (2, 3), 'fortran_order': False}")
 */
export function parseLiteral(text: string): PythonLiteral {
  const reader: Reader = { text, at: 0 };
  const value = readValue(reader, next(reader), 0);
  if (text.slice(reader.at).trim() !== "") throw unexpected(reader, reader.at, "nothing more");
  return value;
}

interface Token {
  readonly from: number;
  readonly value?: string | number | boolean | null;
  readonly mark?: string;
}

function next(reader: Reader): Token {
  token.lastIndex = reader.at;
  const found = token.exec(reader.text);
  const from = reader.at;
  if (!found) throw unexpected(reader, from, "a text, a whole number, True, False, None or a bracket");
  reader.at = token.lastIndex;
  const [, single, double, word, digits, mark] = found;
  if (mark !== undefined) return { from, mark };
  const value = single ?? double ?? (word === undefined ? Number(digits) : words[word]);
  return { from, value };
}

function readValue(reader: Reader, { from, value, mark }: Token, depth: number): PythonLiteral {
  if (value !== undefined) return value;
  if (depth === deepest) throw unexpected(reader, from, `at most ${deepest} brackets within each other`);
  if (mark === "{") return readDictionary(reader, depth + 1);
  if (mark === "(" || mark === "[") return readSequence(reader, mark === "(" ? ")" : "]", depth + 1);
  throw unexpected(reader, from, "a value");
}

function readSequence(reader: Reader, end: string, depth: number): PythonLiteral[] {
  const values: PythonLiteral[] = [];
  for (;;) {
    const first = next(reader);
    if (first.mark === end) return values;
    values.push(readValue(reader, first, depth));
    if (endsAfterEntry(reader, end)) return values;
  }
}

function readDictionary(reader: Reader, depth: number): Map<string, PythonLiteral> {
  const entries = new Map<string, PythonLiteral>();
  for (;;) {
    const key = next(reader);
    if (key.mark === "}") return entries;
    if (typeof key.value !== "string") throw unexpected(reader, key.from, "a text as key");
    if (entries.has(key.value)) throw unexpected(reader, key.from, "each key once");
    const colon = next(reader);
    if (colon.mark !== ":") throw unexpected(reader, colon.from, "a colon");
    entries.set(key.value, readValue(reader, next(reader), depth));
    if (endsAfterEntry(reader, "}")) return entries;
  }
}

function endsAfterEntry(reader: Reader, end: string): boolean {
  const { mark, from } = next(reader);
  if (mark !== end && mark !== ",") throw unexpected(reader, from, `a comma or ${end}`);
  return mark === end;
}

function unexpected({ text }: Reader, at: number, expected: string): LiteralError {
  return new LiteralError(`${JSON.stringify(text.slice(at, at + 24))}, expected ${expected}`, at);
}
