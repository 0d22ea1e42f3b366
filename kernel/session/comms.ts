/** Comms: the lines between objects in the user's code and their views in the front end. */
import { randomUUID } from "node:crypto";
import type { BufferLike, Comm, CommMessage, CommOpen, CommPayload, Host, JsonObject } from "../../src/display.js";
import type { ToMain } from "../io/channel.js";
import { currentContext } from "./context.js";
import type { Line } from "./line.js";

type CommEvent = Extract<ToMain, { kind: "comm" }>;
type Target = (comm: Comm, open: CommMessage) => void;

/** See {@link createComms}. */
export interface Comms extends Pick<Host, "openComm" | "registerCommTarget"> {
  /** Takes a comm message of the front end to its handler. */
  receive(event: CommEvent): void;
}

/** Returns the registry of open comms. */
export function createComms(line: Line): Comms {
  const open = new Map<string, Comm>();
  const targets = new Map<string, Target>();

  const publish = (type: string, id: string, data: JsonObject, payload: CommPayload, targetName?: string): void => {
    const content = { comm_id: id, data, ...(targetName !== undefined && { target_name: targetName }) };
    line.send({
      kind: "publish",
      type,
      content: JSON.stringify(content),
      parent: currentContext()?.parent ?? "{}",
      ...(payload.metadata && { metadata: JSON.stringify(payload.metadata) }),
      ...(payload.buffers && { buffers: payload.buffers.map(toBytes) }),
      ...(type === "comm_open" && { comm: { id, targetName: targetName ?? "" } }),
      ...(type === "comm_close" && { comm: { id } }),
    });
  };
  const create = (id: string, targetName: string): Comm => {
    const comm: Comm = {
      id,
      targetName,
      onMessage: undefined,
      onClose: undefined,
      send: (data, payload = {}) => {
        if (open.get(id) !== comm) throw new Error(`comm.send: the comm ${id} (${targetName}) is closed`);
        publish("comm_msg", id, data, payload);
      },
      close: (data = {}, payload = {}) => {
        if (open.get(id) !== comm) return;
        publish("comm_close", id, data, payload);
        open.delete(id);
      },
    };
    return comm;
  };

  return {
    openComm: ({ targetName, data, id = randomUUID(), ...payload }: CommOpen) => {
      if (open.has(id)) throw new Error(`openComm: a comm with the id ${id} is open already`);
      const comm = create(id, targetName);
      // Published first: data that is no JSON throws here, and then the id is still free.
      publish("comm_open", id, data, payload, targetName);
      open.set(id, comm);
      return comm;
    },
    registerCommTarget: (targetName, handler) => {
      targets.set(targetName, handler);
    },
    receive: (event) => {
      const message: CommMessage = {
        data: event.data as JsonObject,
        metadata: event.metadata as JsonObject,
        buffers: event.buffers.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      };
      if (event.event === "open") {
        const comm = create(event.commId, event.targetName);
        const target = targets.get(event.targetName);
        // The protocol: an unknown target is answered by closing the comm again.
        if (!target) return publish("comm_close", event.commId, {}, {});
        open.set(event.commId, comm);
        target(comm, message);
        return;
      }
      const comm = open.get(event.commId);
      if (event.event === "msg") comm?.onMessage?.(message);
      else if (open.delete(event.commId)) comm?.onClose?.(message);
    },
  };
}

/** A copy: the message leaves for another thread while the user may go on writing to the array. */
function toBytes(buffer: BufferLike): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
  return new Uint8Array(buffer.slice(0));
}
