/**
 * The websocket subprotocol `v1.kernel.websocket.jupyter.org`: one binary message holds the channel's name and
 * the frames of a Jupyter message, with a table of little-endian 64-bit offsets in front. It maps one to one
 * onto ZeroMQ frames, so nothing is parsed and large buffers are not copied.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */

/** The subprotocol's name in `Sec-WebSocket-Protocol`. */
export const subprotocol = "v1.kernel.websocket.jupyter.org";

/** The channels of a kernel that a websocket carries. */
export type WebsocketChannel = "shell" | "control" | "stdin" | "iopub";

/** One message between a front end and a kernel, in bytes. */
export interface ChannelMessage {
  readonly channel: WebsocketChannel;
  /** Header, parent header, metadata, content: JSON in UTF-8. */
  readonly parts: readonly Uint8Array[];
  readonly buffers: readonly Uint8Array[];
}

const partCount = 4;
/** More frames than any message has; keeps a hostile offset table small. */
const mostFrames = 100_000;
/** Below this many bytes one copy is cheaper than a websocket frame of its own. */
const copyLimit = 64 * 1024;

/** Returns the bytes of *message* as the fragments of one websocket message: what is small is put together,
 * what is large is passed on as it is. */
export function packMessage(message: ChannelMessage): Uint8Array[] {
  const frames = [Buffer.from(message.channel, "latin1"), ...message.parts, ...message.buffers];
  const table = Buffer.alloc(8 * (frames.length + 2));
  table.writeBigUInt64LE(BigInt(frames.length + 1), 0);
  let offset = table.length;
  for (const [index, frame] of [...frames, undefined].entries()) {
    table.writeBigUInt64LE(BigInt(offset), 8 * (index + 1));
    offset += frame?.length ?? 0;
  }
  return mergeSmall([table, ...frames]);
}

/** Joins neighbours below the limit, so that an ordinary message is a single fragment. */
function mergeSmall(frames: readonly Uint8Array[]): Uint8Array[] {
  const merged: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) merged.push(small.length === 1 ? (small[0] as Uint8Array) : Buffer.concat(small));
    small = [];
  };
  for (const frame of frames) {
    if (frame.length <= copyLimit) {
      small.push(frame);
      continue;
    }
    flush();
    merged.push(frame);
  }
  flush();
  return merged;
}

/** Cuts one websocket message; parts and buffers are views into *data*.
 * @throws RangeError when the offset table lies */
export function unpackMessage(data: Buffer): ChannelMessage {
  const offsets = readOffsets(data);
  const frames = offsets.slice(1).map((end, index) => data.subarray(offsets[index], end));
  const [name, ...rest] = frames;
  const channel = name?.toString("latin1");
  if (channel !== "shell" && channel !== "control" && channel !== "stdin") {
    throw new RangeError(`unpackMessage: channel "${channel?.slice(0, 20)}", expected shell, control or stdin`);
  }
  return { channel, parts: rest.slice(0, partCount), buffers: rest.slice(partCount) };
}

function readOffsets(data: Buffer): number[] {
  const count = data.length < 8 ? 0 : Number(data.readBigUInt64LE(0));
  if (count < partCount + 2 || count > mostFrames || 8 * (count + 1) > data.length) {
    throw new RangeError(`unpackMessage: ${count} offsets in ${data.length} bytes, expected at least ${partCount + 2}`);
  }
  const offsets: number[] = [];
  let previous = 8 * (count + 1);
  for (let index = 0; index < count; index++) {
    const offset = Number(data.readBigUInt64LE(8 * (index + 1)));
    if (offset < previous || offset > data.length) {
      throw new RangeError(`unpackMessage: offset ${index} is ${offset}, expected ${previous} to ${data.length}`);
    }
    offsets.push(offset);
    previous = offset;
  }
  return offsets;
}
