/** Saving on a full disk, and on one that is read-only. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { smallDisk } from "../support/small-disk.js";
import { notebook, startTestServer } from "./support.js";

const large = notebook(`// ${"x".repeat(200_000)}`);

test.for([
  ["full", "fill", /ENOSPC|no space/i],
  ["read-only", "seal", /EROFS|read-only/i],
] as const)(
  "a disk that is %s: the old notebook stays, and the answer says why it was not saved",
  async ([, make, why], context) => {
    const disk = smallDisk(context);
    const app = await startTestServer({ root: disk.folder });
    try {
      const old = JSON.stringify(notebook("'old'"));
      app.file("n.ipynb", old);
      disk[make]();
      const before = readdirSync(disk.folder).sort();
      const body = { type: "notebook", format: "json", content: large };
      const answer = await app.request("PUT", "/api/contents/n.ipynb", { body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.json<{ message: string }>().message).toMatch(why);
      expect(readFileSync(join(disk.folder, "n.ipynb"), "utf8")).toBe(old);
      expect(readdirSync(disk.folder).sort()).toEqual(before);
      expect((await app.request("GET", "/api/contents/n.ipynb")).status).toBe(200);
    } finally {
      await app.close();
      disk.remove();
    }
  },
);
