/** Connection files: where a kernel listens and the key that signs its messages. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod/v3";

/** The five sockets of a kernel. */
export type ChannelName = "shell" | "control" | "iopub" | "stdin" | "hb";

/** All channels, in the order of the connection file. */
export const channelNames: readonly ChannelName[] = ["shell", "iopub", "stdin", "control", "hb"];

/** The content of a connection file. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  /** An address for tcp, the prefix of the socket files for ipc. */
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

const port = z.number().int().min(0).max(0xffffffff);
const schema = z.object({
  transport: z.enum(["tcp", "ipc"]).default("tcp"),
  ip: z.string().min(1).default("127.0.0.1"),
  key: z.string().default(""),
  signature_scheme: z.string().default("hmac-sha256"),
  shell_port: port,
  iopub_port: port,
  stdin_port: port,
  control_port: port,
  hb_port: port,
});

/**
 * Reads and checks a connection file.
 * @throws Error naming the file and the field that is wrong
 */
export function readConnectionFile(file: string): ConnectionInfo {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`readConnectionFile: ${file}: ${(error as Error).message}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`readConnectionFile: ${file}: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** Returns the ZeroMQ address of one channel; ipc sockets are named `<ip>-<port>` as Jupyter does. */
export function endpoint(info: ConnectionInfo, channel: ChannelName): string {
  const number = info[`${channel}_port`];
  if (info.transport === "ipc") return `ipc://${info.ip}-${number}`;
  return info.ip.includes(":") ? `tcp://[${info.ip}]:${number}` : `tcp://${info.ip}:${number}`;
}

/** A connection file on disk, with its content. */
export interface WrittenConnection {
  readonly file: string;
  readonly info: ConnectionInfo;
}

/**
 * Picks free loopback ports and a random key and writes them to a connection file that only this user can read.
 * @param folder where the file goes; default: a new private folder below the system's temporary one
 */
export async function createConnection(folder?: string): Promise<WrittenConnection> {
  const target = folder ?? mkdtempSync(join(tmpdir(), "lowbit-"));
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const ports = await freePorts(channelNames.length);
  const info: ConnectionInfo = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
    shell_port: ports[0] as number,
    iopub_port: ports[1] as number,
    stdin_port: ports[2] as number,
    control_port: ports[3] as number,
    hb_port: ports[4] as number,
  };
  const file = join(target, `kernel-${randomBytes(8).toString("hex")}.json`);
  writeFileSync(file, JSON.stringify(info, null, 2), { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
  return { file, info };
}

/** Returns distinct free loopback ports: all are held open until the last one is known. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
