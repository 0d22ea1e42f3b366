/** Everything that goes out on iopub: in order, with topics, stream text gathered into larger messages. */
import { encode, type Outgoing, type Signer } from "./wire.js";

/** Stream text is held back for this long, so that a printing loop makes few messages; milliseconds. */
const gatherFor = 10;
/** … but not beyond this many characters. */
const gatherUpTo = 64 * 1024;

/** What {@link Publisher.publish} takes; `parent` is a header as JSON. */
export type Publication = Pick<Outgoing, "type" | "content" | "metadata" | "parent" | "buffers">;

/** See {@link createPublisher}. */
export interface Publisher {
  publish(message: Publication): Promise<void>;
  stream(name: "stdout" | "stderr", text: string, parent: string): Promise<void>;
  status(state: "starting" | "busy" | "idle", parent?: string): Promise<void>;
  /** Sends what is held back. */
  flush(): void;
}

interface Gathered {
  readonly name: "stdout" | "stderr";
  readonly parent: string;
  readonly texts: string[];
  length: number;
  readonly sent: Promise<void>;
  readonly release: (sent: Promise<void>) => void;
}

/** Returns a publisher over a function that queues frames on the iopub socket. */
export function createPublisher(
  signer: Signer,
  session: string,
  send: (frames: readonly Uint8Array[]) => Promise<void>,
): Publisher {
  let gathered: Gathered | undefined;
  let timer: NodeJS.Timeout | undefined;

  const emit = (message: Publication): Promise<void> => {
    const topic = Buffer.from(`kernel.${session}.${message.type}`);
    return send(encode(signer, { ...message, session, identities: [topic] }));
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!gathered) return;
    const { name, parent, texts, release } = gathered;
    gathered = undefined;
    release(emit({ type: "stream", content: { name, text: texts.join("") }, parent }));
  };
  const publish = (message: Publication): Promise<void> => {
    flush();
    return emit(message);
  };

  return {
    publish,
    flush,
    stream: (name, text, parent) => {
      if (gathered && (gathered.name !== name || gathered.parent !== parent)) flush();
      if (!gathered) {
        let release: (sent: Promise<void>) => void = () => undefined;
        const sent = new Promise<void>((resolve) => {
          release = resolve;
        });
        gathered = { name, parent, texts: [], length: 0, sent, release };
        timer = setTimeout(flush, gatherFor);
      }
      gathered.texts.push(text);
      gathered.length += text.length;
      const { sent } = gathered;
      if (gathered.length >= gatherUpTo) flush();
      return sent;
    },
    status: (state, parent) =>
      publish({ type: "status", content: { execution_state: state }, ...(parent !== undefined && { parent }) }),
  };
}
