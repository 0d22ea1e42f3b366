/**
 * Which notebooks this person has run or trusted. HTML and widgets in a notebook's outputs can act in the
 * page, so a front end shows them only when the file is, byte for byte, one that was saved from here.
 */
import { createHmac } from "node:crypto";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSecret } from "../secret.js";

/** Remembers notebooks by a keyed digest of their text. */
export interface TrustStore {
  isTrusted(text: string): Promise<boolean>;
  trust(text: string): Promise<void>;
}

/** How many digests are kept; the oldest go first. */
const capacity = 20_000;

/** Opens the store in *folder*, which is created when needed. */
export function openTrustStore(folder: string): TrustStore {
  const listFile = join(folder, "trusted-notebooks.txt");
  let opened: Promise<{ key: Buffer; digests: Set<string> }> | undefined;
  const open = (): typeof opened & {} => {
    opened ??= (async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return { key: await readSecret(join(folder, "notebook-secret")), digests: await readDigests(listFile) };
    })();
    return opened;
  };
  const digestOf = (key: Buffer, text: string): string => createHmac("sha256", key).update(text).digest("hex");
  return {
    isTrusted: async (text) => {
      const { key, digests } = await open();
      return digests.has(digestOf(key, text));
    },
    trust: async (text) => {
      const { key, digests } = await open();
      const digest = digestOf(key, text);
      if (digests.has(digest)) return;
      digests.add(digest);
      await appendFile(listFile, `${digest}\n`, { mode: 0o600 });
    },
  };
}

async function readDigests(file: string): Promise<Set<string>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => /^[0-9a-f]{64}$/.test(line));
  const kept = lines.slice(-capacity);
  if (kept.length < lines.length) await writeFile(file, `${kept.join("\n")}\n`, { mode: 0o600 });
  return new Set(kept);
}
