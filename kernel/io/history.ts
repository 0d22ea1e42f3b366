/** What was run, in this session and in earlier ones: one line of JSON per cell in a file of the user's. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { matchesGlob } from "./glob.js";
import { homeFolder } from "./home.js";
import { log } from "./log.js";
import type { RequestContent } from "./requests.js";
import { writeWhole } from "./write-whole.js";

/** Cells that are kept on disk; beyond twice that many the older half is dropped at a start. */
const keep = 10_000;

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  output?: string;
}

/** One entry of a `history_reply`: session, line, input or [input, output]. */
export type HistoryTuple = readonly [number, number, string | readonly [string, string | null]];

/** See {@link openHistory}. */
export interface History {
  add(line: number, input: string, output?: string): void;
  query(request: RequestContent<"history_request">): HistoryTuple[];
}

/** Where history is kept: `LOWBIT_HISTORY`, or a file in the user's state folder. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string {
  return (
    env.LOWBIT_HISTORY ?? join(env.XDG_STATE_HOME || join(homeFolder(), ".local", "state"), "lowbit", "history.jsonl")
  );
}

/**
 * Opens the history; a file that cannot be read or written costs only the memory of earlier sessions.
 * @param say takes a sentence when the file cannot be written, once; default: the log
 */
export function openHistory(
  file: string = historyFile(),
  session: number = Date.now(),
  say: (line: string) => void = log,
): History {
  const { entries, isCut } = load(file, say);
  let writable = true;
  // A disk that was full left half a line: what comes next must not become its other half.
  let separator = isCut ? "\n" : "";
  const append = (entry: Entry): void => {
    if (!writable) return;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, `${separator}${JSON.stringify(entry)}\n`, { mode: 0o600 });
      separator = "";
    } catch (error) {
      writable = false;
      say(`the history is not kept: ${(error as Error).message}`);
    }
  };
  return {
    add: (line, input, output) => {
      const entry: Entry = { session, line, input, ...(output !== undefined && { output }) };
      entries.push(entry);
      append(entry);
    },
    query: (request) => select(entries, session, request).map((entry) => toTuple(entry, request.output)),
  };
}

interface Loaded {
  readonly entries: Entry[];
  /** The file's last line has no end. */
  readonly isCut: boolean;
}

function load(file: string, say: (line: string) => void): Loaded {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return { entries: [], isCut: false };
  }
  const entries = text.split("\n").flatMap(parseEntry);
  const isCut = text !== "" && !text.endsWith("\n");
  if (entries.length <= 2 * keep) return { entries, isCut };
  const recent = entries.slice(-keep);
  try {
    writeWhole(file, recent.map((entry) => `${JSON.stringify(entry)}\n`).join(""), 0o600);
    return { entries: recent, isCut: false };
  } catch (error) {
    say(`the history is not shortened: ${(error as Error).message}`);
    return { entries: recent, isCut };
  }
}

function parseEntry(line: string): Entry[] {
  try {
    const { session, line: number, input, output } = JSON.parse(line);
    if (typeof session !== "number" || typeof number !== "number" || typeof input !== "string") return [];
    return [{ session, line: number, input, ...(typeof output === "string" && { output }) }];
  } catch {
    return [];
  }
}

function toTuple(entry: Entry, withOutput: boolean): HistoryTuple {
  return [entry.session, entry.line, withOutput ? [entry.input, entry.output ?? null] : entry.input];
}

function select(entries: readonly Entry[], current: number, request: RequestContent<"history_request">): Entry[] {
  switch (request.hist_access_type) {
    case "range": {
      const session = resolveSession(entries, current, request.session ?? 0);
      const start = request.start ?? 0;
      const stop = request.stop ?? Number.POSITIVE_INFINITY;
      return entries.filter((one) => one.session === session && one.line >= start && one.line < stop);
    }
    case "tail":
      return lastOf(entries, request.n);
    case "search": {
      const pattern = request.pattern ?? "*";
      const found = entries.filter((one) => matchesGlob(one.input, pattern));
      return lastOf(request.unique ? unique(found) : found, request.n);
    }
  }
}

function lastOf(entries: readonly Entry[], n: number | null | undefined): Entry[] {
  return n === null || n === undefined ? [...entries] : n === 0 ? [] : entries.slice(-n);
}

/** 0 is this session, −1 the one before, a positive number a session by its own number. */
function resolveSession(entries: readonly Entry[], current: number, wanted: number): number {
  if (wanted > 0) return wanted;
  const earlier = [...new Set(entries.map((one) => one.session))].filter((one) => one !== current);
  return wanted === 0 ? current : (earlier.at(wanted) ?? Number.NaN);
}

/** Keeps the last of equal inputs, in order. */
function unique(entries: readonly Entry[]): Entry[] {
  const last = new Map<string, Entry>();
  for (const entry of entries) {
    last.delete(entry.input);
    last.set(entry.input, entry);
  }
  return [...last.values()];
}
