/** Settings, workspaces, pages and assets: what JupyterLab asks besides files and kernels. */

import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../support/kernel.js";
import { notebook, startTestServer, type TestServer } from "./support.js";

let app: TestServer;
beforeAll(async () => {
  app = await startTestServer();
});
afterAll(() => app.close());

interface Settings {
  id: string;
  raw: string;
  version: string;
  schema: { title: string; properties: Record<string, { default: unknown }> };
}

describe("settings", () => {
  const themes = "@jupyterlab/apputils-extension:themes";
  const settings = async (server: TestServer, id: string): Promise<Settings> =>
    (await server.request("GET", `/lab/api/settings/${id}`)).json<Settings>();

  test("every plugin with a schema is listed, and can be read one by one", async () => {
    const { settings: all } = (await app.request("GET", "/lab/api/settings")).json<{ settings: Settings[] }>();
    const { settings: ids } = (await app.request("GET", "/lab/api/settings?ids_only=true")).json<{
      settings: object[];
    }>();
    expect(all.length).toBeGreaterThan(40);
    expect(ids).toEqual(all.map(({ id }) => ({ id })));
    for (const { id, schema, version } of all) {
      expect([id, typeof schema, typeof version]).toEqual([id, "object", "string"]);
    }
    expect(await settings(app, themes)).toMatchObject({ id: themes, raw: "{}", version: "4.6.3" });
  });

  test("are kept for the next server, comments included", async () => {
    const raw = '{\n  // dark\n  "theme": "JupyterLab Dark",\n}';
    expect((await app.request("PUT", `/lab/api/settings/${themes}`, { body: { raw } })).status).toBe(204);
    const next = await startTestServer({ state: app.state });
    try {
      expect((await settings(next, themes)).raw).toBe(raw);
    } finally {
      await next.close();
    }
  });

  test("widget state is saved by default, and nothing asks for news", async () => {
    const manager = await settings(app, "@jupyter-widgets/jupyterlab-manager:plugin");
    expect(manager.schema.properties.saveState?.default).toBe(true);
    const notifications = await settings(app, "@jupyterlab/apputils-extension:notification");
    expect(notifications.schema.properties.fetchNews?.default).toBe("false");
    expect(notifications.schema.properties.checkForUpdates?.default).toBe(false);
  });

  test("of a plugin that does not exist are neither read nor written", async () => {
    for (const id of ["none:plugin", "..%2f..%2fetc:passwd", "__proto__", "constructor"]) {
      expect([id, (await app.request("GET", `/lab/api/settings/${id}`)).status]).toEqual([id, 404]);
      expect((await app.request("PUT", `/lab/api/settings/${id}`, { body: { raw: "{}" } })).status).toBe(404);
    }
    expect((await app.request("PUT", `/lab/api/settings/${themes}`, { body: { raw: 1 } })).status).toBe(400);
    expect(readdirSync(join(app.state, "settings"))).toEqual(["@jupyterlab"]);
  });
});

describe("workspaces", () => {
  const put = (id: string, data: object, name = id): ReturnType<TestServer["request"]> =>
    app.request("PUT", `/lab/api/workspaces/${encodeURIComponent(id)}`, { body: { data, metadata: { id: name } } });

  test("are saved, listed, read and deleted, whatever they are called", async () => {
    const ids = ["default", "auto-x", "../../evil", "größe/1"];
    for (const [index, id] of ids.entries()) expect((await put(id, { layout: index })).status).toBe(204);
    for (const [index, id] of ids.entries()) {
      const answer = await app.request("GET", `/lab/api/workspaces/${encodeURIComponent(id)}`);
      expect(answer.json()).toMatchObject({ data: { layout: index }, metadata: { id } });
    }
    const list = (await app.request("GET", "/lab/api/workspaces")).json<{ workspaces: { ids: string[] } }>();
    expect(list.workspaces.ids.sort()).toEqual([...ids].sort());
    expect((await app.request("DELETE", "/lab/api/workspaces/default")).status).toBe(204);
    const gone = (await app.request("GET", "/lab/api/workspaces/default")).json();
    expect(gone).toEqual({ data: {}, metadata: { id: "default" } });
    expect(readdirSync(app.state).sort()).toEqual(["session-secret", "settings", "workspaces"]);
  });

  test("of one folder are not those of another", async () => {
    await put("default", { open: "here" });
    const other = await startTestServer({ state: app.state });
    try {
      expect((await other.request("GET", "/lab/api/workspaces/default")).json()).toMatchObject({ data: {} });
    } finally {
      await other.close();
    }
  });

  test("that are none are refused", async () => {
    expect((await put("a", {}, "b")).status).toBe(400);
    expect((await app.request("PUT", "/lab/api/workspaces/a", { body: { data: 1 } })).status).toBe(400);
  });
});

describe("pages", () => {
  const config = (text: string): Record<string, unknown> =>
    JSON.parse(/<script id="jupyter-config-data"[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? "") as Record<
      string,
      unknown
    >;

  test.each([
    ["/lab", { treePath: "", workspace: "default", mode: "multiple-document" }],
    ["/lab/tree/a/b%20c.ipynb", { treePath: "a/b c.ipynb", workspace: "default" }],
    ["/lab/workspaces/mine", { treePath: "", workspace: "mine" }],
    ["/lab/workspaces/mine/tree/a.ipynb", { treePath: "a.ipynb", workspace: "mine" }],
    ["/doc/tree/a.ipynb", { treePath: "a.ipynb", mode: "single-document" }],
  ])("%s says what to open", async (path, expected) => {
    const answer = await app.request("GET", path);
    expect(answer.status).toBe(200);
    expect(config(answer.text)).toMatchObject(expected);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("a path cannot end the script element", async () => {
    const { text } = await app.request("GET", "/lab/tree/%3C%2Fscript%3E%3Cimg%20src%3Dx%3E");
    expect(text).not.toContain("<img");
    expect(config(text).treePath).toBe("</script><img src=x>");
  });

  test("what the page loads is there, and may be kept for ever", async () => {
    const { text } = await app.request("GET", "/lab");
    const scripts = [...text.matchAll(/<script defer src="([^"]+)"/g)].map((match) => match[1] as string);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      const { status, headers } = await app.request("GET", script);
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
      expect(headers["cache-control"]).toContain("immutable");
    }
    for (const theme of ["light", "dark"]) {
      const css = await app.request("GET", `/lab/api/themes/@jupyterlab/theme-${theme}-extension/index.css`);
      expect([css.status, css.headers["content-type"]]).toEqual([200, "text/css; charset=utf-8"]);
    }
  });

  test("nothing on it comes from elsewhere", async () => {
    const { text } = await app.request("GET", "/lab");
    expect(text.match(/(src|href)="(?!\/)/g)).toBeNull();
  });
});

describe("licenses", () => {
  test("of what the front end contains are listed with their text, in every format", async () => {
    const report = (await app.request("GET", "/lab/api/licenses/?format=json")).json<{
      bundles: Record<string, { packages: { name: string; licenseId: string; extractedText: string }[] }>;
    }>();
    const packages = report.bundles.Lowbit?.packages ?? [];
    const find = (name: string): object | undefined => packages.find((entry) => entry.name === name);
    expect(find("@jupyterlab/notebook")).toMatchObject({ licenseId: "BSD-3-Clause" });
    expect(find("plotly.js")).toMatchObject({ licenseId: "MIT" });
    expect(find("react")).toMatchObject({ licenseId: "MIT", extractedText: expect.stringContaining("Permission is") });
    expect(packages.filter(({ licenseId }) => licenseId === "")).toEqual([]);
    const csv = await app.request("GET", "/lab/api/licenses/?format=csv&download=1");
    expect(csv.text.match(/^"[^"]+","[^"]*","/gm)?.length).toBeGreaterThan(100);
    expect(csv.headers["content-disposition"]).toBe('attachment; filename="licenses.csv"');
    expect((await app.request("GET", "/lab/api/licenses/?format=markdown")).text).toContain("## react ");
    expect((await app.request("GET", "/lab/api/licenses/?format=exe")).status).toBe(400);
  });
});

describe("starting", () => {
  test("opens the tour when there is one, the named notebook when there is, else the app", async () => {
    const root = emptyFolder();
    const plain = await startTestServer({ root });
    expect(new URL(plain.server.url).pathname).toBe("/lab");
    await plain.close();
    plain.file("notebooks/00-tour.ipynb", JSON.stringify(notebook("1")));
    plain.file("my notebook.ipynb", JSON.stringify(notebook("1")));
    for (const [wanted, path] of [
      [undefined, "/lab/tree/notebooks/00-tour.ipynb"],
      ["my notebook.ipynb", "/lab/tree/my%20notebook.ipynb"],
      [join(root, "my notebook.ipynb"), "/lab/tree/my%20notebook.ipynb"],
    ] as const) {
      const started = await startTestServer({ root, ...(wanted === undefined ? {} : { notebook: wanted }) });
      expect(new URL(started.server.url).pathname).toBe(path);
      await started.close();
    }
    await expect(startTestServer({ root, notebook: "none.ipynb" })).rejects.toThrow(/notebook "none.ipynb" is not in/);
    await expect(startTestServer({ root, notebook: "../none.ipynb" })).rejects.toThrow(/is not in/);
  });

  test("takes the next port when its first choice is taken, but not when it was told which", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    try {
      await expect(startTestServer({ port })).rejects.toThrow(`port ${port} is in use`);
      await expect(startTestServer({ port: 70_000 })).rejects.toThrow("expected 0 to 65535");
      const { startServer } = await import("../support/kernel.js").then(({ built }) =>
        built<typeof import("../../app/server/index.js")>("app/server/index.js"),
      );
      const options = { root: emptyFolder(), state: emptyFolder(), handleSignals: false };
      const [first, second] = [await startServer(options), await startServer(options)];
      expect(second.port).toBeGreaterThan(first.port);
      expect(first.port).toBeGreaterThanOrEqual(8888);
      await Promise.all([first.close(), second.close()]);
    } finally {
      taken.close();
    }
  });

  test("says what is missing", async () => {
    await expect(startTestServer({ root: "/does/not/exist" })).rejects.toThrow('root "/does/not/exist" does not exist');
    await expect(startTestServer({ assets: emptyFolder() })).rejects.toThrow('run "npm run build"');
  });

  test("is ended from the page", async () => {
    const own = await startTestServer();
    expect((await own.request("POST", "/api/shutdown")).status).toBe(200);
    await own.server.closed;
    await expect(own.request("GET", "/api")).rejects.toThrow(/ECONNREFUSED/);
  });
});
