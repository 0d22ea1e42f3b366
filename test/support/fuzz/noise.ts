/** Connections that do not speak ZeroMQ, or stop half-way through its greeting. */
import { connect } from "node:net";
import type { ConnectionInfo } from "../../../kernel/io/connection.js";
import type { Dice } from "./dice.js";

/** The greeting of ZMTP 3: signature, version, mechanism NULL. */
const greeting = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
  Buffer.from("NULL".padEnd(20, "\0")),
  Buffer.alloc(32),
]);

/** Connects to one of the five ports, says something wrong and hangs up; resolves when the connection is closed. */
export async function knock(dice: Dice, info: ConnectionInfo): Promise<void> {
  const ports = [info.shell_port, info.control_port, info.stdin_port, info.iopub_port, info.hb_port];
  const socket = connect(dice.pick(ports), info.ip);
  // Being reset is one of the answers to expect.
  socket.on("error", () => undefined);
  const cases: readonly (() => Uint8Array)[] = [
    () => dice.bytes(1 + dice.below(200)),
    () => greeting.subarray(0, dice.below(greeting.length)),
    () => Buffer.concat([greeting, dice.bytes(dice.below(100))]),
    // A frame that says it is 2^63 − 1 bytes long.
    () => Buffer.concat([greeting, Buffer.from([0x02, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
    () => Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  ];
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.end(dice.pick(cases)());
  socket.resume();
  await closed;
}
