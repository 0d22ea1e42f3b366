/**
 * The Jupyter wire format: signed multipart messages. Pure functions over frames, no sockets, so that the
 * kernel, the headless client and the app's websocket bridge share one codec.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

const delimiter = Buffer.from("<IDS|MSG>");
const empty = Buffer.alloc(0);

/** The version of the messaging protocol that Lowbit speaks. */
export const protocolVersion = "5.4";

/** The header of a message, as it travels. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

/** A message as bytes: what stands on the wire, cut at its delimiter and not parsed. */
export interface RawMessage {
  readonly identities: readonly Uint8Array[];
  readonly signature: string;
  /** Header, parent header, metadata, content: JSON in UTF-8. */
  readonly parts: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly buffers: readonly Uint8Array[];
}

/** A parsed message. `parentHeader` is `{}` when there is none. */
export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: Partial<Header>;
  readonly metadata: Record<string, unknown>;
  readonly content: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

/** A message that cannot be read, with the reason in words. */
export class WireError extends Error {
  override readonly name = "WireError" as const;
}

/** The key and scheme that sign messages; an empty key means unsigned. */
export interface Signer {
  sign(parts: readonly Uint8Array[]): string;
  /** Constant-time comparison with the right signature; always true when unsigned. */
  verify(signature: string, parts: readonly Uint8Array[]): boolean;
  readonly signed: boolean;
}

/**
 * Returns the signer of a connection.
 * @throws WireError when the scheme is not `hmac-<hash>` with a hash that Node knows
 */
export function createSigner(key: string, scheme = "hmac-sha256"): Signer {
  if (key === "") return { signed: false, sign: () => "", verify: () => true };
  const hash = /^hmac-([a-z0-9-]+)$/.exec(scheme)?.[1];
  if (hash === undefined) throw new WireError(`createSigner: signature scheme "${scheme}", expected "hmac-sha256"`);
  const digest = (parts: readonly Uint8Array[]): string => {
    const hmac = createHmac(hash, key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };
  return {
    signed: true,
    sign: digest,
    verify: (signature, parts) => {
      const expected = Buffer.from(digest(parts));
      const actual = Buffer.from(signature);
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },
  };
}

/**
 * Cuts the frames of one multipart message; nothing is verified or parsed.
 * @throws WireError when the delimiter or one of the four parts is missing
 */
export function splitFrames(frames: readonly Uint8Array[]): RawMessage {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  if (at < 0) throw new WireError(`splitFrames: ${frames.length} frames without the <IDS|MSG> delimiter`);
  const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
  if (!signature || !header || !parent || !metadata || !content) {
    throw new WireError(`splitFrames: ${frames.length - at - 1} frames after the delimiter, expected at least 5`);
  }
  return {
    identities: frames.slice(0, at),
    signature: Buffer.from(signature).toString("latin1"),
    parts: [header, parent, metadata, content],
    buffers,
  };
}

/** Puts a raw message together again, signed; the counterpart of {@link splitFrames}. */
export function joinFrames(
  signer: Signer,
  parts: readonly Uint8Array[],
  buffers: readonly Uint8Array[] = [],
  identities: readonly Uint8Array[] = [],
): Uint8Array[] {
  return [...identities, delimiter, Buffer.from(signer.sign(parts)), ...parts, ...buffers];
}

/**
 * Verifies the signature and only then parses.
 * @throws WireError when the signature is wrong, a part is not a JSON object or the header lacks a field
 */
export function decode(signer: Signer, frames: readonly Uint8Array[]): Message {
  const raw = splitFrames(frames);
  if (!signer.verify(raw.signature, raw.parts)) throw new WireError("decode: wrong signature");
  const [header, parentHeader, metadata, content] = raw.parts.map(parseObject) as [
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  for (const field of ["msg_id", "msg_type"]) {
    if (typeof header[field] !== "string") throw new WireError(`decode: header.${field} is not a string`);
  }
  return {
    identities: raw.identities,
    header: header as unknown as Header,
    parentHeader: parentHeader as Partial<Header>,
    metadata,
    content,
    buffers: raw.buffers,
  };
}

function parseObject(part: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("utf8"));
  } catch (error) {
    throw new WireError(`decode: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WireError("decode: a part of the message is not a JSON object");
  }
  return value as Record<string, unknown>;
}

/** What {@link encode} needs; contents may be given as JSON text that is already made. */
export interface Outgoing {
  readonly type: string;
  readonly session: string;
  readonly content: Record<string, unknown> | string;
  /** The header that this message answers, as an object or as its JSON. */
  readonly parent?: Partial<Header> | string | Uint8Array;
  readonly metadata?: Record<string, unknown> | string;
  readonly identities?: readonly Uint8Array[];
  readonly buffers?: readonly Uint8Array[];
  readonly id?: string;
}

/** Returns the signed frames of a new message. @example encode(signer, { type: "status", session, content }) */
export function encode(signer: Signer, message: Outgoing): Uint8Array[] {
  const parts = [createHeader(message), message.parent ?? "{}", message.metadata ?? "{}", message.content].map(toBytes);
  return joinFrames(signer, parts, message.buffers ?? [], message.identities ?? []);
}

/** Returns a fresh header. */
export function createHeader(message: Pick<Outgoing, "type" | "session" | "id">): Header {
  return {
    msg_id: message.id ?? randomUUID(),
    msg_type: message.type,
    session: message.session,
    username: "lowbit",
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

function toBytes(part: object | string | Uint8Array): Uint8Array {
  if (part instanceof Uint8Array) return part.length === 0 ? empty : part;
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part));
}
