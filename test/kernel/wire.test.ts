/** The codec against the protocol's own words: signatures by OpenSSL through Python where it is there, by hand else. */
import { createHmac } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endpoint } from "../../kernel/io/connection.js";
import { matchesGlob } from "../../kernel/io/glob.js";
import { historyFile, openHistory } from "../../kernel/io/history.js";
import { nodeFlags } from "../../kernel/io/launch.js";
import { isNestedDeeper } from "../../kernel/io/nesting.js";
import { toCodePoints, toUtf16 } from "../../kernel/io/text-offset.js";
import { createSigner, decode, encode, joinFrames, splitFrames, WireError } from "../../kernel/io/wire.js";
import { codeFrame, diagnosticsError } from "../../kernel/session/code-frame.js";
import { emptyFolder } from "../support/kernel.js";

const signer = createSigner("key");

describe("wire", () => {
  test("RFC 4231, test case 2: HMAC-SHA-256 of known text", () => {
    const jefe = createSigner("Jefe");
    const parts = ["what do ya want", " for nothing?"].map((text) => Buffer.from(text));
    expect(jefe.sign(parts)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  });

  test("what is encoded is decoded, with identities and buffers", () => {
    const text = fc.string({ unit: "binary" });
    const json = fc.dictionary(text, fc.jsonValue());
    fc.assert(
      fc.property(
        json,
        json,
        fc.array(fc.uint8Array()),
        fc.array(fc.uint8Array({ minLength: 1 })),
        (content, metadata, buffers, ids) => {
          fc.pre(!ids.some((id) => Buffer.from(id).toString() === "<IDS|MSG>"));
          const frames = encode(signer, { type: "t", session: "s", content, metadata, buffers, identities: ids });
          const message = decode(signer, frames);
          expect(message.header).toMatchObject({ msg_type: "t", session: "s", version: "5.4" });
          expect(JSON.stringify(message.content)).toBe(JSON.stringify(content));
          expect(JSON.stringify(message.metadata)).toBe(JSON.stringify(metadata));
          expect(message.buffers.map((b) => [...b])).toEqual(buffers.map((b) => [...b]));
          expect(message.identities.map((b) => [...b])).toEqual(ids.map((b) => [...b]));
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  test("one flipped bit in any signed part is refused", () => {
    const frames = encode(signer, { type: "t", session: "s", content: { a: 1 } });
    for (let frame = 2; frame < 6; frame++) {
      const copy = frames.map((one) => Buffer.from(one));
      const target = copy[frame] as Buffer;
      target[0] = (target[0] as number) ^ 1;
      expect(() => decode(signer, copy)).toThrow(/wrong signature/);
    }
  });

  test("an unsigned connection signs with nothing and takes everything", () => {
    const none = createSigner("");
    const frames = encode(none, { type: "t", session: "s", content: {} });
    expect(splitFrames(frames).signature).toBe("");
    expect(decode(none, frames).header.msg_type).toBe("t");
  });

  test("hashes other than sha256; schemes that are not HMAC are refused", () => {
    const parts = [Buffer.from("a"), Buffer.from("b")];
    expect(createSigner("k", "hmac-sha512").sign(parts)).toBe(createHmac("sha512", "k").update("ab").digest("hex"));
    expect(() => createSigner("k", "plain")).toThrow(WireError);
  });

  test("a message whose delimiter is missing, or whose parts are", () => {
    expect(() => splitFrames([])).toThrow(/0 frames without/);
    expect(() => splitFrames(joinFrames(signer, [Buffer.from("{}")]))).toThrow(/expected at least 5/);
  });
});

describe("places and positions", () => {
  test("endpoints as Jupyter names them", () => {
    const info = {
      ip: "127.0.0.1",
      shell_port: 5,
      iopub_port: 6,
      stdin_port: 7,
      control_port: 8,
      hb_port: 9,
      key: "",
      signature_scheme: "hmac-sha256",
    };
    expect(endpoint({ ...info, transport: "tcp" }, "iopub")).toBe("tcp://127.0.0.1:6");
    expect(endpoint({ ...info, transport: "tcp", ip: "::1" }, "hb")).toBe("tcp://[::1]:9");
    expect(endpoint({ ...info, transport: "ipc", ip: "/run/k" }, "shell")).toBe("ipc:///run/k-5");
  });

  test("code points and UTF-16 units, there and back, over any text", () => {
    expect([toUtf16("a😀b", 2), toCodePoints("a😀b", 3)]).toEqual([3, 2]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(50), (text, count) => {
        const offset = toUtf16(text, count);
        expect([...text].slice(0, count).join("").length).toBe(offset);
        expect(toCodePoints(text, offset)).toBe(Math.min(count, [...text].length));
      }),
      { seed: 7 },
    );
  });

  test.each([
    ["v20.20.2", false],
    ["v22.1.0", true],
    ["v24.0.0", false],
    ["v26.3.0", false],
  ])("flags for %s", (version, frame) => {
    const flags = nodeFlags(version);
    expect(flags).toContain("--no-force-async-hooks-checks");
    expect(flags.includes("--experimental-async-context-frame")).toBe(frame);
  });
});

describe("code frames", () => {
  const plain = (text: string) => text.replace(/\u001b\[\d+m/g, "");

  test("the line, its neighbours and a mark of the right length, tabs kept", () => {
    const source = "one\ntwo\n\tlet x = y.z;\nfour\nfive\nsix";
    expect(plain(codeFrame(source, { line: 2, character: 9 }, { line: 2, character: 12 }))).toBe(
      ["  1 | one", "  2 | two", "> 3 | \tlet x = y.z;", "    | \t        ^^^", "  4 | four", "  5 | five"].join("\n"),
    );
  });

  test("positions beyond the text do not throw", () => {
    expect(plain(codeFrame("a", { line: 0, character: 40 }))).toContain("> 1 | a");
    expect(() => codeFrame("", { line: 0, character: 0 })).not.toThrow();
    expect(() => codeFrame("a", { line: 9, character: 0 })).not.toThrow();
  });

  test("reasons at the same place are one fault", () => {
    const at = { start: { line: 0, character: 2 }, end: { line: 0, character: 3 } };
    const chain = [
      { ...at, message: "outer", code: 5 },
      { ...at, message: "inner", code: 6 },
    ];
    const { evalue, traceback } = diagnosticsError("cell-1.ts", "a = b", chain);
    expect(evalue).toBe("cell-1.ts:1:3 - TS5: outer\n  inner");
    expect(traceback).toHaveLength(1);
    expect(plain(traceback[0] as string)).toMatch(/TS5: outer\n {2}inner\n/);
  });

  test("many diagnostics: the first names the error, three have frames", () => {
    const at = (line: number) => ({
      start: { line, character: 0 },
      end: { line, character: 1 },
      message: `m${line}`,
      code: 1,
    });
    const error = diagnosticsError("cell-1.ts", "a\nb\nc\nd\ne", [0, 1, 2, 3, 4].map(at));
    expect(error.evalue).toBe("cell-1.ts:1:1 - TS1: m0");
    expect(error.traceback.map((block) => block.includes("|"))).toEqual([true, true, true, false, false]);
  });
});

describe("history", () => {
  const ask = { hist_access_type: "tail", output: false, unique: false } as const;

  test("is kept from session to session, with negative session numbers", () => {
    const file = join(emptyFolder(), "deep", "history.jsonl");
    const first = openHistory(file, 100);
    first.add(1, "a", "1");
    first.add(2, "b");
    const second = openHistory(file, 200);
    second.add(1, "c");
    expect(second.query({ ...ask })).toEqual([
      [100, 1, "a"],
      [100, 2, "b"],
      [200, 1, "c"],
    ]);
    expect(second.query({ ...ask, n: 1, output: true })).toEqual([[200, 1, ["c", null]]]);
    expect(second.query({ ...ask, n: 0 })).toEqual([]);
    const range = { ...ask, hist_access_type: "range" } as const;
    expect(second.query({ ...range, session: -1, start: 2 })).toEqual([[100, 2, "b"]]);
    expect(second.query({ ...range, session: -5 })).toEqual([]);
    expect(second.query({ ...range, session: 100, start: 1, stop: 2, output: true })).toEqual([[100, 1, ["a", "1"]]]);
  });

  test("search takes * and ?, and nothing else is special", () => {
    const history = openHistory(join(emptyFolder(), "h"), 1);
    for (const [index, input] of ["f(1)", "f(2)", "f(1)", "g.x", "a\nb"].entries()) history.add(index + 1, input);
    const search = (pattern: string, extra = {}) =>
      history.query({ ...ask, hist_access_type: "search", pattern, ...extra }).map((entry) => entry[1]);
    expect(search("f(?)")).toEqual([1, 2, 3]);
    expect(search("f(?)", { unique: true })).toEqual([2, 3]);
    expect(search("f*", { n: 2 })).toEqual([2, 3]);
    expect(search("g?x")).toEqual([4]);
    expect(search("a*b")).toEqual([5]);
    expect(search("[fg]*")).toEqual([]);
  });

  test("a pattern means what its regular expression means, and takes no exponential time", () => {
    const words = (letters: string, length: number): string[] =>
      length === 0
        ? [""]
        : words(letters, length - 1).flatMap((word) =>
            word.length === length - 1 ? [word, ...[...letters].map((letter) => word + letter)] : [word],
          );
    for (const pattern of words("ab*?", 4)) {
      const oracle = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u");
      for (const text of words("ab", 5))
        expect([text, pattern, matchesGlob(text, pattern)]).toEqual([text, pattern, oracle.test(text)]);
    }
    expect(matchesGlob("a😀\nb", "a??b")).toBe(true);
    expect(matchesGlob("a".repeat(10_000), `${"*a".repeat(30)}*b`)).toBe(false);
  });

  test("a line that a full disk cut short costs only itself", () => {
    const file = join(emptyFolder(), "h");
    openHistory(file, 1).add(1, "whole");
    appendFileSync(file, '{"session":1,"line":2,"inp');
    openHistory(file, 2).add(1, "after");
    expect(openHistory(file, 3).query({ ...ask })).toEqual([
      [1, 1, "whole"],
      [2, 1, "after"],
    ]);
  });

  test("broken lines are passed over; a file that cannot be written costs nothing else", () => {
    const file = join(emptyFolder(), "h");
    openHistory(file, 1).add(1, "kept");
    appendFileSync(file, '{"session": "x"}\nnonsense\n\n{"half');
    const history = openHistory(file, 2);
    expect(history.query({ ...ask })).toEqual([[1, 1, "kept"]]);
    const said: string[] = [];
    const nowhere = openHistory("/dev/null/impossible", 3, (line) => said.push(line));
    nowhere.add(1, "in memory");
    nowhere.add(2, "too");
    expect(nowhere.query({ ...ask, n: 2 })).toEqual([
      [3, 1, "in memory"],
      [3, 2, "too"],
    ]);
    expect(said).toEqual([expect.stringMatching(/^the history is not kept: .*\/dev\/null/)]);
    expect(readFileSync(file, "utf8")).toContain("kept");
  });

  test("the place can be set", () => {
    expect(historyFile({ LOWBIT_HISTORY: "/x/y" })).toBe("/x/y");
    expect(historyFile({ XDG_STATE_HOME: "/state" })).toBe("/state/lowbit/history.jsonl");
  });
});

test("nesting is measured without recursion, and bytes are one value", () => {
  expect([0, 1, 2, 3].map((limit) => isNestedDeeper({ a: [1, { b: 2 }] }, limit))).toEqual([true, true, true, false]);
  expect(isNestedDeeper(new Uint8Array(1e6), 1)).toBe(false);
  expect(isNestedDeeper(JSON.parse("[".repeat(1e5) + "]".repeat(1e5)), 500)).toBe(true);
  expect([isNestedDeeper(null, 0), isNestedDeeper("x", 0), isNestedDeeper({}, 0)]).toEqual([false, false, true]);
});
