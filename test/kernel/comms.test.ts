import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestKernel, type TestKernel } from "../support/kernel.js";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await kernel.run("const host = (globalThis as any)[Symbol.for('lowbit.host')]");
});
afterAll(() => kernel.close());

const ofType = (type: string) => kernel.iopub.filter(({ header }) => header.msg_type === type);

test("a comm that the kernel opens is announced with data, metadata and buffers", async () => {
  const { messages } = await kernel.run(
    "const floats = new Float32Array([9, 1.5, -2, 9]).subarray(1, 3); const comm = host.openComm({ targetName: 'plot', id: 'k1', data: { a: 1 }, metadata: { version: '2.1.0' }, buffers: [floats, new Uint8Array([7]).buffer] }); undefined",
  );
  const [open] = messages;
  expect(open?.header.msg_type).toBe("comm_open");
  expect(open?.content).toEqual({ comm_id: "k1", data: { a: 1 }, target_name: "plot" });
  expect(open?.metadata).toEqual({ version: "2.1.0" });
  expect(open?.buffers.map((buffer) => [...buffer])).toEqual([
    [...new Uint8Array(new Float32Array([1.5, -2]).buffer)],
    [7],
  ]);
});

test("comm_info lists open comms, filtered by target", async () => {
  const all = await kernel.client.request("comm_info_request", {});
  expect(all.content.comms).toMatchObject({ k1: { target_name: "plot" } });
  const none = await kernel.client.request("comm_info_request", { target_name: "other" });
  expect(none.content).toMatchObject({ status: "ok", comms: {} });
});

test("buffers of the front end arrive as DataViews and go back unchanged", async () => {
  await kernel.run(
    "comm.onMessage = ({ data, buffers }: any) => comm.send({ back: data.n, isView: buffers[0] instanceof DataView }, { buffers })",
  );
  const bytes = new Uint8Array(1024 * 1024).map((_, index) => (index * 31) % 251);
  const id = kernel.client.send("comm_msg", { comm_id: "k1", data: { n: 5 } }, { buffers: [bytes] });
  const answer = await kernel.until(
    ({ header, parentHeader }) => header.msg_type === "comm_msg" && parentHeader.msg_id === id,
  );
  expect(answer.content).toEqual({ comm_id: "k1", data: { back: 5, isView: true } });
  expect(Buffer.compare(Buffer.from(answer.buffers[0] as Uint8Array), Buffer.from(bytes))).toBe(0);
});

test("each comm message is wrapped in busy and idle", async () => {
  const id = kernel.client.send("comm_msg", { comm_id: "k1", data: {} }, { buffers: [new Uint8Array(1)] });
  await kernel.until(({ parentHeader, content }) => parentHeader.msg_id === id && content.execution_state === "idle");
  const own = kernel.iopub.filter(({ parentHeader }) => parentHeader.msg_id === id);
  expect(own.map(({ header, content }) => content.execution_state ?? header.msg_type)).toEqual([
    "busy",
    "comm_msg",
    "idle",
  ]);
});

test("a cell may await a message of a widget", async () => {
  const run = kernel.run(
    "console.log('waiting'); await new Promise((done) => { comm.onMessage = ({ data }: any) => done(data.picked) })",
  );
  await kernel.until(({ content }) => content.text === "waiting\n");
  kernel.client.send("comm_msg", { comm_id: "k1", data: { picked: [2, 3] } });
  expect((await run).text).toBe("[ 2, 3 ]");
});

test("a handler that throws is reported and harms nothing", async () => {
  await kernel.run("comm.onMessage = () => { throw new Error('in the handler') }");
  const id = kernel.client.send("comm_msg", { comm_id: "k1", data: {} });
  const printed = await kernel.until(
    ({ header, parentHeader }) => header.msg_type === "stream" && parentHeader.msg_id === id,
  );
  expect(printed.content).toMatchObject({ name: "stderr", text: expect.stringContaining("in the handler") });
  expect((await kernel.run("1 + 1")).text).toBe("2");
});

test("the front end opens a comm with a registered target; an unknown one is closed again", async () => {
  await kernel.run(
    "host.registerCommTarget('echo', (c: any, open: any) => { c.send({ opened: open.data }); c.onClose = () => console.log('closed by the front end') })",
  );
  kernel.client.send("comm_open", { comm_id: "f1", target_name: "echo", data: { hello: 1 } });
  const answer = await kernel.until(({ content }) => content.comm_id === "f1");
  expect(answer.content.data).toEqual({ opened: { hello: 1 } });
  kernel.client.send("comm_close", { comm_id: "f1", data: {} });
  await kernel.until(({ content }) => content.text === "closed by the front end\n");

  kernel.client.send("comm_open", { comm_id: "f2", target_name: "nobody", data: {} });
  await kernel.until(({ header, content }) => header.msg_type === "comm_close" && content.comm_id === "f2");
  const { content } = await kernel.client.request("comm_info_request", {});
  expect(Object.keys(content.comms as object)).toEqual(["k1"]);
});

test("close() tells the front end, and a closed comm refuses to send", async () => {
  await kernel.run("comm.close({ bye: true })");
  expect(ofType("comm_close").at(-1)?.content).toEqual({ comm_id: "k1", data: { bye: true } });
  const { reply } = await kernel.run("comm.send({})");
  expect(reply).toMatchObject({ status: "error", evalue: expect.stringContaining("is closed") });
});

test("a __proto__ key in a message pollutes nothing", async () => {
  await kernel.run(
    "host.registerCommTarget('proto', (c: any, open: any) => { c.send({ polluted: ({} as any).polluted ?? null }) })",
  );
  const content = JSON.parse('{ "comm_id": "p1", "target_name": "proto", "data": { "__proto__": { "polluted": 1 } } }');
  kernel.client.send("comm_open", content);
  const answer = await kernel.until(({ header, content: c }) => header.msg_type === "comm_msg" && c.comm_id === "p1");
  expect(answer.content.data).toEqual({ polluted: null });
});
