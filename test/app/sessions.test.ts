import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./support.js";

interface Session {
  id: string;
  path: string;
  name: string;
  type: string;
  kernel: { id: string; name: string };
  notebook?: { path: string };
}

let app: TestServer;
beforeAll(async () => {
  app = await startTestServer();
});
afterAll(() => app.close());

const open = async (path: string, kernel: object = { name: "lowbit" }): Promise<Session> => {
  const answer = await app.request("POST", "/api/sessions", { body: { path, name: path, type: "notebook", kernel } });
  expect(answer.status).toBe(201);
  return answer.json<Session>();
};
const kernelCount = async (): Promise<number> => (await app.request("GET", "/api/kernels")).json<unknown[]>().length;

test("a notebook has one session and one kernel, however often it is opened", async () => {
  const first = await open("a.ipynb");
  expect(first).toMatchObject({
    path: "a.ipynb",
    type: "notebook",
    kernel: { name: "lowbit" },
    notebook: { path: "a.ipynb" },
  });
  const second = await open("a.ipynb");
  expect([second.id, second.kernel.id]).toEqual([first.id, first.kernel.id]);
  const together = await Promise.all([open("b.ipynb"), open("b.ipynb"), open("b.ipynb")]);
  expect(new Set(together.map(({ kernel }) => kernel.id)).size).toBe(1);
  expect(await kernelCount()).toBe(2);
  expect((await app.request("GET", `/api/sessions/${first.id}`)).json<Session>()).toMatchObject({ id: first.id });
});

test("a rename moves the session along", async () => {
  const { id, kernel } = await open("a.ipynb");
  const answer = await app.request("PATCH", `/api/sessions/${id}`, {
    body: { path: "renamed.ipynb", name: "renamed.ipynb" },
  });
  expect(answer.json<Session>()).toMatchObject({ id, path: "renamed.ipynb", kernel: { id: kernel.id } });
  expect((await open("renamed.ipynb")).id).toBe(id);
});

test("a change of kernel starts another and ends the one that nobody uses any more", async () => {
  const { id, kernel } = await open("renamed.ipynb");
  const changed = (
    await app.request("PATCH", `/api/sessions/${id}`, { body: { kernel: { name: "lowbit" } } })
  ).json<Session>();
  expect(changed.kernel.id).not.toBe(kernel.id);
  expect((await app.request("GET", `/api/kernels/${kernel.id}`)).status).toBe(404);
});

test("two documents can share a kernel, which ends with the last of them", async () => {
  const notebook = await open("b.ipynb");
  const console = await open("console-1", { id: notebook.kernel.id });
  expect(console.kernel.id).toBe(notebook.kernel.id);
  expect((await app.request("DELETE", `/api/sessions/${notebook.id}`)).status).toBe(204);
  expect((await app.request("GET", `/api/kernels/${notebook.kernel.id}`)).status).toBe(200);
  expect((await app.request("DELETE", `/api/sessions/${console.id}`)).status).toBe(204);
  expect((await app.request("GET", `/api/kernels/${notebook.kernel.id}`)).status).toBe(404);
});

test("a session goes with its kernel", async () => {
  const { id, kernel } = await open("c.ipynb");
  await app.request("DELETE", `/api/kernels/${kernel.id}`);
  expect((await app.request("GET", `/api/sessions/${id}`)).status).toBe(404);
  expect((await app.request("GET", "/api/sessions")).json<Session[]>().map((session) => session.id)).not.toContain(id);
});

test("what cannot be is refused", async () => {
  const refused = async (body: unknown): Promise<number> =>
    (await app.request("POST", "/api/sessions", { body })).status;
  expect(await refused({})).toBe(400);
  expect(await refused({ path: 1 })).toBe(400);
  expect(await refused({ path: "x.ipynb", kernel: { id: "none" } })).toBe(404);
  expect(await refused({ path: "x.ipynb", kernel: { name: "python3" } })).toBe(501);
  expect((await app.request("PATCH", "/api/sessions/none", { body: { path: "x" } })).status).toBe(404);
  expect((await app.request("DELETE", "/api/sessions/none")).status).toBe(404);
});
