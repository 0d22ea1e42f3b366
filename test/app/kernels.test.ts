import { once } from "node:events";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { KernelMessage } from "@jupyterlab/services";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { subprotocol } from "../../app/server/kernels/frames.js";
import { built } from "../support/kernel.js";
import { openSession, runCell, type TestSession, whenStatus } from "./client.js";
import { notebook, startTestServer, type TestServer } from "./support.js";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a kernel through Jupyter's own client", () => {
  let app: TestServer;
  let one: TestSession;
  beforeAll(async () => {
    app = await startTestServer();
    app.file("lab/first.ipynb", JSON.stringify(notebook("1")));
    one = await openSession(app, "lab/first.ipynb");
  });
  afterAll(async () => {
    one.close();
    await app.close();
  });

  test("is idle at once: the first thing that a front end hears is the kernel's state", async () => {
    const again = await openSession(app, "lab/first.ipynb");
    const heard: string[] = [];
    again.kernel.iopubMessage.connect((_, { header }) => heard.push(header.msg_type));
    await whenStatus(again.kernel, "idle");
    expect(heard[0]).toBe("status");
    again.close();
  });

  test("answers every front end of several that come at the same moment", async () => {
    const several = await Promise.all(Array.from({ length: 4 }, () => openSession(app, "lab/several.ipynb")));
    const results = await Promise.all(
      several.map(async ({ kernel }, at) => (await runCell(kernel, `${at} + 1`)).result),
    );
    expect(results).toEqual(["1", "2", "3", "4"]);
    await several[0]?.session.shutdown();
    for (const each of several) each.close();
  });

  test("runs cells, in the folder of the notebook", async () => {
    const { result, text } = await runCell(one.kernel, `console.log("hello"); process.cwd()`);
    expect(text).toBe("hello\n");
    expect(result).toContain(realpathSync(join(app.root, "lab")));
  });

  test("completes and inspects", async () => {
    await runCell(one.kernel, "const weights = [1, 2, 3];");
    const completion = await one.kernel.requestComplete({ code: "weights.red", cursor_pos: 11 });
    expect((completion.content as { matches: string[] }).matches).toContain("reduce");
    const inspection = await one.kernel.requestInspect({ code: "weights", cursor_pos: 3, detail_level: 0 });
    expect(inspection.content).toMatchObject({ found: true });
  });

  test("asks through stdin and gets the answer", async () => {
    const future = one.kernel.requestExecute({ code: `prompt("name?")`, allow_stdin: true });
    let result: unknown;
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "execute_result") result = (content as { data: object }).data;
    };
    future.onStdin = (message) => {
      expect((message.content as { prompt: string }).prompt).toContain("name?");
      future.sendInputReply({ status: "ok", value: "Ada" }, message.header as never);
    };
    await future.done;
    expect(result).toMatchObject({ "text/plain": expect.stringContaining("Ada") });
  });

  test("carries buffers of a comm both ways, bit for bit", async () => {
    await runCell(
      one.kernel,
      `const lowbitHost = (globalThis as any)[Symbol.for("lowbit.host")];
       lowbitHost.registerCommTarget("echo", (comm: any) => {
         comm.onMessage = (message: any) => comm.send(message.data, { buffers: message.buffers });
       });`,
    );
    const comm = one.kernel.createComm("echo");
    const echoed = new Promise<KernelMessage.ICommMsgMsg>((resolve) => {
      comm.onMsg = resolve;
    });
    comm.open({});
    const sizes = [0, 1, 3, 65_537, 3_000_001];
    const buffers = sizes.map((size, index) => new Uint8Array(size).map((_, i) => (i * 7 + index * 13) & 255));
    comm.send({ nested: { n: 5 } }, {}, buffers);
    const { content, buffers: back = [] } = await echoed;
    expect(content.data).toEqual({ nested: { n: 5 } });
    const views = back as DataView[];
    expect(views.map((view) => view.byteLength)).toEqual(sizes);
    for (const [index, view] of views.entries()) {
      const received = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      expect(Buffer.compare(received, buffers[index] as Uint8Array)).toBe(0);
    }
  });

  test("stops an endless loop and keeps its variables", async () => {
    await runCell(one.kernel, "let kept = 41;");
    const future = one.kernel.requestExecute({ code: `kept++; console.log("running"); while (true) {}` });
    let failed = "";
    const running = new Promise<void>((resolve) => {
      future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream") resolve();
        if (header.msg_type === "error") failed = (content as { ename: string }).ename;
      };
    });
    await running;
    await one.kernel.interrupt();
    await future.done;
    expect(failed).not.toBe("");
    expect((await runCell(one.kernel, "kept")).result).toBe("42");
  });

  test("hands over what was said while the front end was away", async () => {
    const future = one.kernel.requestExecute({
      code: `for (let i = 0; i < 5; i++) { console.log("line", i); await new Promise((done) => setTimeout(done, 150)); }`,
    });
    let text = "";
    const underway = new Promise<void>((resolve) => {
      future.onIOPub = ({ header, content }) => {
        if (header.msg_type !== "stream") return;
        text += (content as { text: string }).text;
        resolve();
      };
    });
    await underway;
    // What the client does when its connection breaks, but for the attempt to reconnect at once.
    (one.kernel as unknown as { _clearSocket(): void })._clearSocket();
    const heardSoFar = text;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(text).toBe(heardSoFar);
    await one.kernel.reconnect();
    await future.done;
    expect(text).toBe("line 0\nline 1\nline 2\nline 3\nline 4\n");
  });

  test("restarts with a clean memory; the connection stays usable", async () => {
    await runCell(one.kernel, "(globalThis as any).marker = 1;");
    const { id } = one.kernel;
    await one.kernel.restart();
    expect(one.kernel.id).toBe(id);
    expect((await runCell(one.kernel, "(globalThis as any).marker ?? 'none'")).result).toContain("none");
  });

  test("that dies is started again, and the cell says why it ended", async () => {
    const statuses: string[] = [];
    one.kernel.statusChanged.connect((_, status) => statuses.push(status));
    let text = "";
    one.kernel.iopubMessage.connect((_, { header, content }) => {
      if (header.msg_type === "stream") text += (content as { text: string }).text;
    });
    const future = one.kernel.requestExecute({ code: `process.kill(process.pid, "SIGKILL"); while (true) {}` });
    future.done.catch(() => undefined);
    await whenStatus(one.kernel, "autorestarting");
    await whenStatus(one.kernel, "idle");
    expect(text).toBe(
      "The kernel ended: killed by SIGKILL: by hand, or by the system because memory ran out\nIts variables are gone.\n",
    );
    expect(statuses).not.toContain("dead");
    expect((await runCell(one.kernel, "2 + 2")).result).toBe("4");
    expect(app.log.join("\n")).toContain("SIGKILL");
  });

  test("that prints without end stays in reach: its text is cut, the stop arrives, and memory is bounded", async () => {
    const future = one.kernel.requestExecute({ code: `while (true) console.log("x".repeat(1000));` });
    let bytes = 0;
    let notices = 0;
    let notice: Record<string, string> = {};
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream") bytes += (content as { text: string }).text.length;
      if (header.msg_type === "display_data") notices++;
      if (/^(update_)?display_data$/.test(header.msg_type)) notice = (content as { data: typeof notice }).data;
    };
    await whenStatus(one.kernel, "busy");
    await expect.poll(() => notices, { timeout: 30_000 }).toBe(1);
    await one.kernel.interrupt();
    await future.done;
    expect(notices).toBe(1);
    expect(bytes).toBe(2 ** 20);
    const hidden = Number(/([\d,]+) more characters/.exec(notice["text/plain"] ?? "")?.[1]?.replaceAll(",", ""));
    const address = /href="([^"]+)"/.exec(notice["text/html"] ?? "")?.[1] ?? "";
    const whole = await app.request("GET", new URL(address).pathname);
    expect(whole.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(whole.text.length).toBe(Math.min(2 ** 28, bytes + hidden));
    expect(whole.text.slice(0, 2002)).toBe(`${"x".repeat(1000)}\n${"x".repeat(1000)}\n`);
    const other = new URL(address).pathname.replace(/[^/]+$/, "..%2f..%2fetc%2fpasswd");
    expect((await app.request("GET", other)).status).toBe(404);
    expect((await app.request("GET", new URL(address).pathname, { anonymous: true })).status).toBe(403);
    expect((await runCell(one.kernel, "3 + 3")).result).toBe("6");
  });

  test("says what state it is in", async () => {
    // The server hears the kernel over a socket of its own, so it may know a moment later than the client.
    const states = async () => (await app.request("GET", "/api/kernels")).json();
    const idle = { id: one.kernel.id, execution_state: "idle", connections: 1 };
    await expect.poll(states, { timeout: 10_000 }).toMatchObject([idle]);
    const running = runCell(one.kernel, "while (true) {}");
    await whenStatus(one.kernel, "busy");
    await expect.poll(states, { timeout: 10_000 }).toMatchObject([{ ...idle, execution_state: "busy" }]);
    expect((await app.request("POST", `/api/kernels/${one.kernel.id}/interrupt`)).status).toBe(204);
    await running;
    expect((await app.request("GET", "/api/status")).json()).toMatchObject({ kernels: 1, connections: 1 });
  });
});

describe("a websocket", () => {
  let app: TestServer;
  let id: string;
  beforeAll(async () => {
    app = await startTestServer();
    id = (await app.request("POST", "/api/kernels", { body: { name: "lowbit" } })).json<{ id: string }>().id;
  });
  afterAll(() => app.close());
  const dial = async (): Promise<WebSocket> => {
    const headers = { authorization: `token ${app.server.token}` };
    const url = `ws://127.0.0.1:${app.server.port}/api/kernels/${id}/channels?session_id=a`;
    const socket = new WebSocket(url, [subprotocol], { headers });
    await once(socket, "open");
    return socket;
  };

  test.each([
    ["text", "{}", 1003],
    ["an empty message", Buffer.alloc(0), 1007],
    ["a table that lies", Buffer.alloc(64, 1), 1007],
  ])("is closed on %s, and the kernel lives", async (_, data, expected) => {
    const socket = await dial();
    socket.send(data);
    const [code] = await once(socket, "close");
    expect(code).toBe(expected);
    expect((await app.request("GET", `/api/kernels/${id}`)).status).toBe(200);
  });

  test("of the same front end takes the place of the older one", async () => {
    const older = await dial();
    const closed = once(older, "close");
    const newer = await dial();
    expect((await closed)[0]).toBe(1000);
    expect(newer.readyState).toBe(WebSocket.OPEN);
    newer.close();
  });

  test("is not opened for a kernel that was ended", async () => {
    expect((await app.request("DELETE", `/api/kernels/${id}`)).status).toBe(204);
    await expect(dial()).rejects.toThrow(/404/);
    expect((await app.request("DELETE", `/api/kernels/${id}`)).status).toBe(404);
    expect((await app.request("POST", `/api/kernels/${id}/restart`)).status).toBe(404);
  });
});

describe("the end", () => {
  const servers: TestServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  test("closing the server ends its kernels, also one in an endless loop", async () => {
    const { launchKernel } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
    const pids: number[] = [];
    const app = await startTestServer({
      launch: async (options) => {
        const launched = await launchKernel(options);
        pids.push(launched.process.pid as number);
        return launched;
      },
    });
    const idle = await openSession(app, "a.ipynb");
    const looping = await openSession(app, "b.ipynb");
    void runCell(looping.kernel, "while (true) {}").catch(() => undefined);
    await whenStatus(looping.kernel, "busy");
    idle.close();
    looping.close();
    expect(pids.filter(isAlive)).toHaveLength(2);
    await app.close();
    expect(pids.filter(isAlive)).toEqual([]);
    await app.close(); // twice is fine
  });

  test("a kernel that cannot live is given up after a few tries", async () => {
    const { launchKernel } = await built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js");
    let launches = 0;
    const app = await startTestServer({
      launch: async (options) => {
        launches++;
        const launched = await launchKernel(options);
        launched.process.kill("SIGKILL");
        return launched;
      },
    });
    servers.push(app);
    const { id } = (await app.request("POST", "/api/kernels")).json<{ id: string }>();
    const state = async (): Promise<string> =>
      (await app.request("GET", `/api/kernels/${id}`)).json<{ execution_state: string }>().execution_state;
    await expect.poll(state, { timeout: 20_000 }).toBe("dead");
    expect(launches).toBe(6);
    expect((await app.request("POST", `/api/kernels/${id}/interrupt`)).status).toBe(409);
    expect((await app.request("POST", `/api/kernels/${id}/restart`)).status).toBe(500);
  });

  test("another kernel than ours is not started", async () => {
    const app = await startTestServer();
    servers.push(app);
    const answer = await app.request("POST", "/api/kernels", { body: { name: "python3" } });
    expect(answer.status).toBe(501);
    expect(answer.json().message).toContain('"python3" is not available');
  });
});
