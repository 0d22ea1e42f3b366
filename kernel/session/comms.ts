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
  /** Tells the owner of a comm whether a person sees its widget. */
  shown(id: string, shown: boolean): void;
}

type Publish = (type: string, id: string, data: JsonObject, payload: CommPayload, targetName?: string) => void;

/** What is open, and who takes what the front end opens. */
interface Registry {
  readonly open: Map<string, Comm>;
  readonly targets: Map<string, Target>;
  readonly publish: Publish;
}

/** Returns the registry of open comms. */
export function createComms(line: Line): Comms {
  const registry: Registry = { open: new Map(), targets: new Map(), publish: createPublish(line) };
  return {
    openComm: ({ targetName, data, id = randomUUID(), ...payload }: CommOpen) => {
      if (registry.open.has(id)) throw new Error(`openComm: a comm with the id ${id} is open already`);
      const comm = createComm(registry, id, targetName);
      // Published first: data that is no JSON throws here, and then the id is still free.
      registry.publish("comm_open", id, data, payload, targetName);
      registry.open.set(id, comm);
      return comm;
    },
    registerCommTarget: (targetName, handler) => {
      registry.targets.set(targetName, handler);
    },
    receive: (event) => receive(registry, event),
    shown: (id, shown) => registry.open.get(id)?.onShown?.(shown),
  };
}

function createPublish(line: Line): Publish {
  return (type, id, data, payload, targetName) => {
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
}

function createComm({ open, publish }: Registry, id: string, targetName: string): Comm {
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
}

function receive(registry: Registry, { event, commId, targetName, data, metadata, buffers }: CommEvent): void {
  const { open } = registry;
  const message: CommMessage = {
    data: data as JsonObject,
    metadata: metadata as JsonObject,
    buffers: buffers.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
  };
  if (event === "open") {
    accept(registry, commId, targetName, message);
    return;
  }
  const comm = open.get(commId);
  if (event === "msg") comm?.onMessage?.(message);
  else if (open.delete(commId)) comm?.onClose?.(message);
}

function accept(registry: Registry, id: string, targetName: string, message: CommMessage): void {
  const target = registry.targets.get(targetName);
  if (!target) {
    // The protocol: an unknown target is answered by closing the comm again.
    registry.publish("comm_close", id, {}, {});
    return;
  }
  const comm = createComm(registry, id, targetName);
  registry.open.set(id, comm);
  target(comm, message);
}

/** A copy: the message leaves for another thread while the user may go on writing to the array. */
function toBytes(buffer: BufferLike): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
  return new Uint8Array(buffer).slice();
}
