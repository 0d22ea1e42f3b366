/** A save is whole or not at all, also when the process dies or the disk is full in the middle of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { startTestServer } from "./support.js";

const module = pathToFileURL(join(root, "dist/app/server/contents/atomic-write.js")).href;
const size = 4 * 2 ** 20;

/** A process that saves 4 MiB of one letter after the other, for ever. */
function savingProcess(file: string, shellPrefix = ""): ChildProcess {
  const script = `import { writeAtomically } from ${JSON.stringify(module)};
    for (let i = 0; ; i++) {
      await writeAtomically(${JSON.stringify(file)}, Buffer.alloc(${size}, 97 + (i % 26)));
      process.stdout.write(".");
    }`;
  const command = `${shellPrefix} exec '${process.execPath}' --input-type=module -e "$SCRIPT"`;
  return spawn("/bin/sh", ["-c", command], {
    env: { ...process.env, SCRIPT: script },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function expectWhole(content: Buffer): void {
  expect(content.length).toBe(size);
  expect(content.equals(Buffer.alloc(size, content[0]))).toBe(true);
}

test("killed at any moment, it leaves an old or a new file, never a part of one", async () => {
  const file = join(emptyFolder(), "a.bin");
  for (const delay of [0, 3, 7, 12, 18, 25]) {
    writeFileSync(file, Buffer.alloc(size, 48));
    const child = savingProcess(file);
    await once(child.stdout as NodeJS.ReadableStream, "data");
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGKILL");
    await once(child, "exit");
    expectWhole(readFileSync(file));
  }
});

test("a reader never sees a part of a file", async () => {
  const file = join(emptyFolder(), "a.bin");
  writeFileSync(file, Buffer.alloc(size, 48));
  const child = savingProcess(file);
  try {
    await once(child.stdout as NodeJS.ReadableStream, "data");
    for (let i = 0; i < 40; i++) expectWhole(readFileSync(file));
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

test("when the disk takes only a part, the old file survives", async () => {
  const file = join(emptyFolder(), "a.bin");
  writeFileSync(file, Buffer.alloc(size, 48));
  // The limit on the size of a file, in blocks of 512 or 1024 bytes, stands in for a full disk.
  const child = savingProcess(file, "ulimit -f 1000;");
  const [code, signal] = await once(child, "exit");
  expect([code, signal]).not.toEqual([0, null]);
  expect(readFileSync(file).equals(Buffer.alloc(size, 48))).toBe(true);
});

test("a save that fails leaves nothing beside the file and says why", async () => {
  const app = await startTestServer();
  try {
    app.file("a.ipynb", "{}");
    const content = { cells: [], metadata: {}, nbformat: 3, nbformat_minor: 0 };
    const answer = await app.request("PUT", "/api/contents/a.ipynb", { body: { type: "notebook", content } });
    expect(answer.status).toBe(400);
    expect(answer.json().message).toContain("notebook format 3");
    const onFolder = { type: "file", format: "text", content: "x" };
    app.file("folder/b.txt", "b");
    expect((await app.request("PUT", "/api/contents/folder", { body: onFolder })).status).toBe(400);
    expect(readdirSync(app.root).sort()).toEqual(["a.ipynb", "folder"]);
    expect(readFileSync(join(app.root, "a.ipynb"), "utf8")).toBe("{}");
  } finally {
    await app.close();
  }
});

test("the file's mode stays", async () => {
  const app = await startTestServer();
  try {
    const file = app.file("script.sh", "#!/bin/sh\n");
    chmodSync(file, 0o751);
    const body = { type: "file", format: "text", content: "#!/bin/sh\nexit 1\n" };
    expect((await app.request("PUT", "/api/contents/script.sh", { body })).status).toBe(200);
    expect(statSync(file).mode & 0o777).toBe(0o751);
    expect(readFileSync(file, "utf8")).toBe(body.content);
  } finally {
    await app.close();
  }
});
