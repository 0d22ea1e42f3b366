/** One test per rule that sends the wrong thing and is refused. */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { StartOptions } from "../../app/server/index.js";
import { emptyFolder } from "../support/kernel.js";
import { startTestServer, type TestServer } from "./support.js";

let app: TestServer;
let cookies: string;
let xsrf: string;
const subprotocol = "v1.kernel.websocket.jupyter.org";

beforeAll(async () => {
  app = await startTestServer();
  const entered = await app.request("GET", `/lab?token=${app.server.token}`, { anonymous: true });
  const values = (entered.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0] as string);
  cookies = values.join("; ");
  xsrf = values.find((value) => value.startsWith("_xsrf="))?.slice("_xsrf=".length) ?? "";
});
afterAll(() => app.close());

/** What a page of ours sends. */
const ours = (): Record<string, string> => ({
  cookie: cookies,
  origin: `http://127.0.0.1:${app.server.port}`,
  "x-xsrftoken": xsrf,
});

describe("who is asked", () => {
  test("every endpoint but the page with the token refuses a stranger", async () => {
    for (const path of ["/api", "/api/contents", "/api/kernels", "/lab/api/settings", "/static/logo.svg", "/files/a"]) {
      const answer = await app.request("GET", path, { anonymous: true });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.json()).toEqual({ message: "Forbidden", reason: null });
    }
  });

  test("a browser without the cookie is asked for the token, and gets no configuration", async () => {
    const answer = await app.request("GET", "/lab", { anonymous: true, headers: { accept: "text/html" } });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('name="token"');
    expect(answer.text).not.toContain("jupyter-config-data");
  });

  test("a wrong token is refused in the address, the header and the cookie", async () => {
    const wrong = "0".repeat(app.server.token.length);
    const inAddress = await app.request("GET", `/lab?token=${wrong}`, { anonymous: true });
    const inHeader = await app.request("GET", "/api", {
      anonymous: true,
      headers: { authorization: `token ${wrong}` },
    });
    const cookie = `lowbit-${app.server.port}=${wrong}`;
    const inCookie = await app.request("GET", "/api", { anonymous: true, headers: { cookie } });
    expect([inAddress.status, inHeader.status, inCookie.status]).toEqual([403, 403, 403]);
    expect(inAddress.headers["set-cookie"]).toBeUndefined();
  });

  test("a wrong Authorization header is not rescued by a right cookie", async () => {
    const headers = { ...ours(), authorization: "token wrong" };
    expect((await app.request("GET", "/api", { anonymous: true, headers })).status).toBe(403);
  });

  test("the API does not take the token from the address", async () => {
    const answer = await app.request("GET", `/api/contents?token=${app.server.token}`, { anonymous: true });
    expect(answer.status).toBe(403);
  });
});

describe("the token", () => {
  test("becomes an HttpOnly, SameSite=Strict cookie and leaves the address", async () => {
    const path = `/lab/tree/a%20b.ipynb?reset=1&token=${app.server.token}`;
    const answer = await app.request("GET", path, { anonymous: true });
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe("/lab/tree/a%20b.ipynb?reset=1");
    const cookie = answer.headers["set-cookie"]?.find((value) => value.startsWith(`lowbit-${app.server.port}=`));
    expect(cookie).not.toContain(app.server.token);
    expect(cookie).toMatch(/; HttpOnly(;|$)/);
    expect(cookie).toMatch(/; SameSite=Strict(;|$)/);
  });

  test("leaves the browser when it logs out", async () => {
    const answer = await app.request("GET", "/logout", { anonymous: true, headers: ours() });
    expect(answer.text).toContain("logged out");
    const gone = answer.headers["set-cookie"]?.map((cookie) => /^([^=]+)=; .*Max-Age=0/.exec(cookie)?.[1]);
    expect(gone).toEqual([`lowbit-${app.server.port}`, "_xsrf"]);
  });

  test("does not redirect to another host", async () => {
    const answer = await app.request("GET", `//evil.example/lab?token=${app.server.token}`, { anonymous: true });
    expect(answer.headers.location ?? "/").toMatch(/^\/(?!\/)/);
  });

  test("is 256 bits, different for every server, and not in the page", async () => {
    const other = await startTestServer();
    try {
      expect(app.server.token).toMatch(/^[0-9a-f]{64}$/);
      expect(other.server.token).not.toBe(app.server.token);
    } finally {
      await other.close();
    }
    const page = await app.request("GET", "/lab");
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(app.server.token);
  });

  test("may be forgotten after a restart: the cookie still opens the same folder, and no other", async () => {
    const { root, state } = app;
    const visit = async (options: Partial<StartOptions>): Promise<number[]> => {
      const other = await startTestServer({ root, state, ...options });
      try {
        // Cookies do not know ports, and this test cannot have the same one twice.
        const cookie = cookies.replace(`lowbit-${app.server.port}=`, `lowbit-${other.server.port}=`);
        const headers = { cookie, origin: `http://127.0.0.1:${other.server.port}`, "x-xsrftoken": xsrf };
        const asked = await other.request("GET", "/api/contents", { anonymous: true, headers });
        const made = await other.request("POST", "/api/contents", { anonymous: true, headers, body: { type: "file" } });
        return [asked.status, made.status];
      } finally {
        await other.close();
      }
    };
    expect(await visit({})).toEqual([200, 201]);
    expect(await visit({ root: emptyFolder() })).toEqual([403, 403]);
    expect(await visit({ state: emptyFolder() })).toEqual([403, 403]);
    expect(statSync(join(state, "session-secret")).mode & 0o777).toBe(0o600);
  });

  test("of one server does not open another on the next port", async () => {
    const other = await startTestServer();
    try {
      const answer = await other.request("GET", "/api", { anonymous: true, headers: { cookie: cookies } });
      expect(answer.status).toBe(403);
    } finally {
      await other.close();
    }
  });
});

describe("Host", () => {
  test.each(["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:PORT", "LOCALHOST:PORT"])(
    "%j is refused, so a rebound name does not reach the server",
    async (host) => {
      const headers = { host: host.replace("PORT", String(app.server.port)) };
      const answer = await app.request("GET", "/api", { headers });
      expect(answer.status).toBe(403);
    },
  );

  test("127.0.0.1 and localhost with the port are this server", async () => {
    for (const name of ["127.0.0.1", "localhost"]) {
      const answer = await app.request("GET", "/api", { headers: { host: `${name}:${app.server.port}` } });
      expect(answer.status).toBe(200);
    }
  });
});

describe("Origin", () => {
  test.each(["http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "http://localhost:PORT"])(
    "%s is refused, even with the token",
    async (origin) => {
      const headers = { origin: origin.replace("PORT", String(app.server.port)) };
      const answer = await app.request("GET", "/api/contents", { headers });
      expect(answer.status).toBe(403);
    },
  );
});

describe("XSRF", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s with the cookie but without the page's token is refused",
    async (method) => {
      const file = app.file("kept.txt", "kept");
      const { "x-xsrftoken": _, ...headers } = ours();
      const body =
        method === "DELETE" ? undefined : { type: "file", format: "text", content: "lost", path: "other.txt" };
      const answer = await app.request(method, "/api/contents/kept.txt", { anonymous: true, headers, body });
      expect(answer.status).toBe(403);
      expect(statSync(file).size).toBe(4);
    },
  );

  test("a wrong one is refused, the right one is accepted", async () => {
    const wrong = { ...ours(), "x-xsrftoken": "0".repeat(64) };
    expect((await app.request("POST", "/api/contents", { anonymous: true, headers: wrong })).status).toBe(403);
    expect((await app.request("POST", "/api/contents", { anonymous: true, headers: ours() })).status).toBe(201);
  });

  test("sending back a made-up cookie as the token does not help", async () => {
    const cookie = cookies.replace(xsrf, "made-up");
    const headers = { ...ours(), cookie, "x-xsrftoken": "made-up" };
    expect((await app.request("POST", "/api/contents", { anonymous: true, headers })).status).toBe(403);
  });

  test("a form's content type is not read", async () => {
    const headers = { ...ours(), "content-type": "application/x-www-form-urlencoded" };
    const answer = await app.request("POST", "/api/contents", { anonymous: true, headers, body: "type=file" });
    expect(answer.status).toBe(415);
  });
});

describe("websockets", () => {
  const kernel = async (): Promise<string> => (await app.request("POST", "/api/kernels")).json<{ id: string }>().id;
  /** The status of the refusal, or "open". */
  const dial = (path: string, headers: Record<string, string>, protocols = [subprotocol]): Promise<number | "open"> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${app.server.port}${path}`, protocols, { headers });
      socket.once("unexpected-response", (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
      socket.once("open", () => {
        resolve("open");
        socket.terminate();
      });
      socket.on("error", (error) => (error.message.includes("closed before") ? undefined : reject(error)));
    });

  test("are refused without the cookie, from another Origin, without Origin and for another Host", async () => {
    const path = `/api/kernels/${await kernel()}/channels`;
    const { cookie = "", origin = "" } = ours();
    expect(await dial(path, { origin })).toBe(403);
    expect(await dial(path, { cookie, origin: "http://evil.example" })).toBe(403);
    expect(await dial(path, { cookie })).toBe(403);
    expect(await dial(path, { cookie, origin, host: "evil.example" })).toBe(403);
    expect(await dial(path, { cookie, origin })).toBe("open");
  });

  test("are refused for what is not there and for another subprotocol", async () => {
    const { cookie = "", origin = "" } = ours();
    expect(await dial("/api/kernels/none/channels", { cookie, origin })).toBe(404);
    expect(await dial("/terminals/websocket/1", { cookie, origin })).toBe(404);
    const path = `/api/kernels/${await kernel()}/channels`;
    expect(await dial(path, { cookie, origin }, ["v0.other"])).toBe(400);
  });
});

describe("every answer", () => {
  test("carries the Content-Security-Policy and nosniff, errors and assets too", async () => {
    const policy =
      "default-src 'self'; script-src 'self' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; " +
      "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; " +
      "worker-src 'self' blob:; connect-src 'self' ws:; " +
      "frame-src 'self' blob:; frame-ancestors 'self'; object-src 'self' blob:; base-uri 'self'";
    for (const path of ["/lab", "/api", "/api/contents/none", "/none", "/static/logo.svg"]) {
      const { headers } = await app.request("GET", path);
      expect([path, headers["content-security-policy"]]).toEqual([path, policy]);
      expect([path, headers["x-content-type-options"]]).toEqual([path, "nosniff"]);
    }
    const stranger = await app.request("GET", "/lab", { anonymous: true });
    expect(stranger.headers["x-content-type-options"]).toBe("nosniff");
  });

  test("about a file of the person's is sandboxed: an HTML file cannot act as the app", async () => {
    app.file("page.html", "<script>fetch('/api/contents')</script>");
    const { headers, status } = await app.request("GET", "/files/page.html");
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toMatch(/^sandbox allow-scripts;/);
    expect(headers["content-security-policy"]).not.toContain("allow-same-origin");
  });

  test("tells nothing about the inside: no stack, no absolute path", async () => {
    for (const [path, body] of [
      ["/api/contents/broken.ipynb", undefined],
      ["/api/contents/none.txt", undefined],
      ["/api/sessions", "{"],
    ] as const) {
      app.file("broken.ipynb", "{");
      const answer = await app.request(body === undefined ? "GET" : "POST", path, { body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(answer.json()).sort()).toEqual(["message", "reason"]);
      expect(answer.text).not.toContain(app.root);
      expect(answer.text).not.toMatch(/\.js:\d|node_modules/);
    }
  });
});

describe("limits", () => {
  test("a body that is too large is refused before it is read", async () => {
    const answer = await app.request("POST", "/api/sessions", {
      body: JSON.stringify({ path: "x".repeat(9 * 2 ** 20) }),
    });
    expect(answer.status).toBe(413);
  });

  test("assets are not reached through dots, and neither are files beside them", async () => {
    for (const path of [
      "/static/../../package.json",
      "/static/%2e%2e/%2e%2e/package.json",
      "/static/..%2f..%2fpackage.json",
      "/widgets/..%2fkernel/main.js",
    ]) {
      expect([path, (await app.request("GET", path)).status]).toEqual([path, 404]);
    }
  });
});

describe("the machine", () => {
  test("only the loopback interface listens", async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === "IPv4");
    if (!outside) return expect(app.server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const outcome = await new Promise((resolve) => {
      const socket = createConnection({ host: outside.address, port: app.server.port, timeout: 3000 });
      socket.once("connect", () => resolve("connected"));
      socket.once("error", () => resolve("refused"));
      socket.once("timeout", () => resolve("refused"));
    });
    expect(outcome).toBe("refused");
  });

  test("connection files, the notebook secret and what is trusted are for this user's eyes only", async () => {
    const body = {
      type: "notebook",
      format: "json",
      content: { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 },
    };
    await app.request("PUT", "/api/contents/secret.ipynb", { body });
    for (const name of readdirSync(app.state)) {
      const stats = statSync(join(app.state, name));
      expect([name, stats.mode & 0o077]).toEqual([name, stats.isDirectory() ? stats.mode & 0o077 : 0]);
    }
    writeFileSync(join(app.root, "umask"), "");
    const { launchKernel } = await import("../support/kernel.js").then(({ built }) =>
      built<typeof import("../../kernel/io/launch.js")>("kernel/io/launch.js"),
    );
    const kernel = await launchKernel({ cwd: app.root });
    try {
      expect(statSync(kernel.connectionFile).mode & 0o777).toBe(0o600);
    } finally {
      await kernel.kill();
    }
  });
});
