/** `npm start` as a person meets it: what it prints, how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { browserCommand, openBrowser } from "../../app/server/open-browser.js";
import { stateFolder } from "../../app/server/state-folder.js";
import { emptyFolder, root } from "../support/kernel.js";

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
}

function run(args: readonly string[], nodeArgs: readonly string[] = []): Started {
  const child = spawn(process.execPath, [...nodeArgs, join(root, "scripts/start.mjs"), ...args], {
    env: { ...process.env, LOWBIT_STATE_DIR: emptyFolder() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  return { child, out: () => out, err: () => err };
}

/** Processes whose parent is *pid*. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${name}/stat`, "utf8")
              .replace(/^.*\) /, "")
              .split(" ")[1],
          ) === pid
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "prints one line with the address, and %s ends it with its kernels",
  async (signal) => {
    const { child, out, err } = run(["--port", "0", "--no-open"]);
    await expect.poll(out, { timeout: 60_000 }).toContain("\n");
    expect(out()).toMatch(/^Lowbit is running at http:\/\/127\.0\.0\.1:\d+\/lab\S*\?token=[0-9a-f]{64}\n$/);
    const url = new URL(/http\S+/.exec(out())?.[0] ?? "");
    const headers = { authorization: `token ${url.searchParams.get("token")}` };
    expect((await fetch(new URL("/api/kernels", url), { method: "POST", headers })).status).toBe(201);
    const kernels = childrenOf(child.pid as number);
    expect(kernels).toHaveLength(1);
    child.kill(signal);
    const [code] = await once(child, "exit");
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(kernels.filter((pid) => readdirSync("/proc").includes(String(pid)))).toEqual([]);
    expect(out().trim().split("\n")).toHaveLength(1);
    expect(err()).not.toContain("Error");
  },
);

test("a Node that is too old is told so in one line", async () => {
  const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.1'})";
  const { child, out, err } = run(["--no-open"], ["--import", pretend]);
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(out()).toBe("");
  expect(err()).toBe("lowbit: needs Node 20.19 or newer; this is 18.20.1\n");
});

test("an option that is wrong ends it with a sentence", async () => {
  const { child, err } = run(["--port", "no", "--no-open"]);
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(err()).toMatch(/"no", expected/);
  expect(err()).not.toMatch(/\n\s+at /);
});

test("the browser is opened without a shell, and not at all for anything but http", () => {
  expect(browserCommand("http://x/?a&b", "linux")).toEqual(["xdg-open", ["http://x/?a&b"]]);
  expect(browserCommand("http://x/", "darwin")).toEqual(["open", ["http://x/"]]);
  expect(browserCommand("http://x/", "win32")).toEqual(["rundll32", ["url.dll,FileProtocolHandler", "http://x/"]]);
  expect(() => openBrowser("file:///etc/passwd")).toThrow(/expected an http address/);
});

test("settings are kept where the platform keeps such things", () => {
  expect(stateFolder({ LOWBIT_STATE_DIR: "/s" }, "linux", "/home/a")).toBe("/s");
  expect(stateFolder({}, "linux", "/home/a")).toBe("/home/a/.local/share/lowbit");
  expect(stateFolder({ XDG_DATA_HOME: "/x" }, "linux", "/home/a")).toBe("/x/lowbit");
  expect(stateFolder({}, "darwin", "/Users/a")).toBe("/Users/a/Library/Application Support/lowbit");
  expect(stateFolder({ APPDATA: "/r" }, "win32", "/u")).toBe("/r/lowbit");
});
