/** One running kernel: its process, its state, and what happens when it dies. */
import { randomUUID } from "node:crypto";
import { describeDeath } from "../../../kernel/io/death.js";
import type { KernelExit, LaunchedKernel } from "../../../kernel/io/launch.js";
import { HttpError } from "../http-error.js";
import { createKernelJournal, journalTopics, type KernelJournal } from "../journal/kernel-journal.js";
import { ClientLink } from "./client-link.js";
import type { ChannelMessage } from "./frames.js";
import { Monitor, type MonitorEvents, serverMessage } from "./monitor.js";
import { createSpool } from "./spool.js";

/** A kernel as Jupyter's kernels API describes it. */
export interface KernelModel {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
}

/** How a kernel process is started; the server's is `launchKernel` of kernel/io. */
export type Launch = (options: { readonly cwd: string }) => Promise<LaunchedKernel>;

/** How long the parts of a kernel's life may take, in milliseconds. */
export interface KernelTimes {
  /** From the start of the process to its first reply. */
  readonly start: number;
  /** From the request to end to the end of the process; after that it is killed. */
  readonly shutdown: number;
  readonly interrupt: number;
}

const defaultTimes: KernelTimes = { start: 60_000, shutdown: 3_000, interrupt: 5_000 };
/** A kernel that dies more often than this within a minute is left dead. */
const mostRestarts = 5;

/** What a kernel is made of. */
export interface KernelOptions {
  readonly name: string;
  /** The working directory of its cells. */
  readonly cwd: string;
  readonly launch: Launch;
  readonly log: (line: string) => void;
  readonly times?: Partial<KernelTimes>;
}

/** A kernel and its clients. Restarting keeps the identity: clients stay connected. */
export class Kernel {
  readonly id: string = randomUUID();
  readonly #options: KernelOptions;
  readonly #times: KernelTimes;
  readonly #links = new Map<string, ClientLink>();
  readonly #spool = createSpool();
  /** Of its own: what front ends print must not push out what nobody has seen yet. */
  readonly #journalSpool = createSpool();
  /** What cells printed, for pages that were not there. */
  readonly journal: KernelJournal = createKernelJournal(this.#journalSpool);
  #launched: LaunchedKernel | undefined;
  #monitor: Monitor | undefined;
  #state = "starting";
  #lastActivity = new Date();
  #deaths: number[] = [];
  /** Starting, restarting and ending happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
  }

  /** Returns the model of this kernel. */
  get model(): KernelModel {
    return {
      id: this.id,
      name: this.#options.name,
      last_activity: this.#lastActivity.toISOString(),
      execution_state: this.#state,
      connections: this.#connections,
    };
  }

  /** Whether a cell is running. */
  get runsCell(): boolean {
    return this.#monitor?.runningCell !== undefined;
  }

  get #connections(): number {
    return [...this.#links.values()].filter((link) => link.connected).length;
  }

  /** Starts the process; returns without waiting for its first reply. @throws when it cannot be spawned */
  start(): Promise<void> {
    return this.#inTurn(() => this.#launch());
  }

  /** Stops what is running; variables stay. @throws HttpError 503 when the kernel does not answer */
  async interrupt(): Promise<void> {
    const monitor = this.#monitor;
    if (!monitor) throw new HttpError(409, "the kernel is dead; restart it");
    try {
      await monitor.request("control", "interrupt_request", {}, this.#times.interrupt);
    } catch (error) {
      throw new HttpError(503, `the kernel did not stop: ${(error as Error).message}`);
    }
  }

  /** Ends the process and starts another; resolves when the new one answers. @throws HttpError 500 */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      this.#state = "restarting";
      await this.#end(true);
      this.#deaths = [];
      await this.#launch();
      await this.#awaitReply();
    });
  }

  /** Ends the process for good. Never rejects. */
  shutdown(): Promise<void> {
    this.#ended = true;
    return this.#inTurn(async () => {
      await this.#end(false);
      for (const link of this.#links.values()) link.close();
      this.#links.clear();
      this.#closeSpools();
    }).catch((error: Error) => this.#options.log(`kernel ${this.id}: ${error.message}`));
  }

  /** Ends the process at once, from a handler that cannot wait. */
  killNow(): void {
    this.#ended = true;
    this.#launched?.process.kill("SIGKILL");
    this.#closeSpools();
  }

  #closeSpools(): void {
    this.#spool.close();
    this.#journalSpool.close();
  }

  /** The file that holds a text which was too long for the page; undefined when there is none of this name. */
  outputFile(name: string): string | undefined {
    return this.#spool.file(name) ?? this.#journalSpool.file(name);
  }

  /** Returns the client *sessionId*'s link, connected to the kernel and hearing it. */
  async link(sessionId: string): Promise<ClientLink> {
    await this.#turn.catch(() => undefined);
    if (this.#ended) throw new HttpError(404, "the kernel is gone");
    const link = this.#links.get(sessionId) ?? this.#newLink(sessionId);
    link.expect();
    await this.#untilHeard(link);
    if (link.closed) throw new HttpError(503, "the connection was closed while it was opened; connect again");
    return link;
  }

  /** A front end that is new here takes the place of those that went away: a reloaded page never returns. Others may
   * be on their way at the same time: a notebook and a console of one page, for one. */
  #newLink(sessionId: string): ClientLink {
    for (const [id, other] of this.#links) if (other.left) this.#drop(id, other);
    const link = new ClientLink(this.#spool, {
      sent: (message) => this.journal.sent(message),
      overflow: (lost) => this.#drop(sessionId, lost),
    });
    this.#links.set(sessionId, link);
    if (this.#launched) link.open(this.#launched.connection);
    return link;
  }

  #drop(id: string, link: ClientLink): void {
    link.close();
    if (this.#links.get(id) === link) this.#links.delete(id);
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const next = this.#turn.catch(() => undefined).then(action);
    this.#turn = next;
    return next;
  }

  async #launch(): Promise<void> {
    if (this.#ended) throw new HttpError(404, "the kernel is gone");
    this.#state = "starting";
    const launched = await this.#options.launch({ cwd: this.#options.cwd });
    this.#launched = launched;
    const events: MonitorEvents = {
      state: (state) => {
        this.#state = state;
      },
      published: (message) => {
        this.#lastActivity = new Date();
        this.journal.published(message, this.#connections > 0);
      },
    };
    this.#monitor = new Monitor(launched.connection, events, journalTopics);
    for (const link of this.#links.values()) link.open(launched.connection);
    launched.exited.then((exit) => this.#onExit(launched, exit));
    if (this.#ended) launched.process.kill("SIGKILL");
  }

  /** Waits for the first reply of a new process, or for its death. */
  async #awaitReply(): Promise<void> {
    const { exited } = this.#launched as LaunchedKernel;
    const reply = this.#monitor?.request("shell", "kernel_info_request", {}, this.#times.start);
    const outcome = await Promise.race([reply?.then(() => undefined), exited]);
    if (outcome) throw new HttpError(500, `the kernel ended while starting: ${describeDeath(outcome)}`);
  }

  /** Asks the process to end, and ends it if it does not. */
  async #end(restart: boolean): Promise<void> {
    const launched = this.#launched;
    if (!launched) return;
    this.#launched = undefined;
    const { shutdown } = this.#times;
    this.#monitor?.request("control", "shutdown_request", { restart }, shutdown).catch(() => undefined);
    const timer = setTimeout(() => launched.process.kill("SIGKILL"), shutdown);
    await launched.exited;
    clearTimeout(timer);
    this.#monitor?.close();
    this.#monitor = undefined;
    this.journal.ended();
  }

  /** A new subscriber misses what is published before its subscription arrives, among it the first state, and
   * front ends then wait for seconds. So the kernel is asked to say something until *link* hears it. */
  async #untilHeard(link: ClientLink): Promise<void> {
    const began = Date.now();
    while (!link.heard && !link.closed && this.#monitor) {
      const busy = this.#state === "busy";
      // A process that computes answers all the same, on the thread that listens.
      if (Date.now() - began > (busy ? this.#times.interrupt : this.#times.start)) return;
      const asked = this.#monitor.request(busy ? "control" : "shell", "kernel_info_request", {}, 2_000);
      await Promise.race([asked.catch(() => undefined), link.whenHeard]);
      // Always a real pause: a link that is being reopened can be unheard although its promise has resolved.
      if (!link.heard) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #onExit(launched: LaunchedKernel, exit: KernelExit): void {
    if (this.#launched !== launched) return;
    this.#launched = undefined;
    const parent = this.#monitor?.runningCell;
    this.#monitor?.close();
    this.#monitor = undefined;
    const reason = describeDeath(exit);
    this.#options.log(`kernel ${this.id} ended: ${reason}`);
    const text = `The kernel ended: ${reason}\nIts variables are gone.\n`;
    const words = serverMessage("stream", { name: "stderr", text }, parent);
    this.#announce(words);
    this.journal.published(words, false);
    this.journal.ended();
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < 60_000), now];
    if (this.#ended || this.#deaths.length > mostRestarts) {
      this.#die();
      return;
    }
    this.#state = "restarting";
    this.#inTurn(() => this.#restartAfterDeath());
  }

  async #restartAfterDeath(): Promise<void> {
    if (this.#launched || this.#ended) return; // restarted or ended by hand meanwhile
    try {
      await this.#launch();
    } catch (error) {
      this.#options.log(`kernel ${this.id} could not be restarted: ${(error as Error).message}`);
      this.#die();
      return;
    }
    // A front end answers this by connecting anew, and then waits for the kernel to be there.
    this.#announce(serverMessage("status", { execution_state: "restarting" }));
    await this.#awaitReply().catch(() => undefined); // a death while starting is the next call's business
  }

  #die(): void {
    this.#state = "dead";
    this.#announce(serverMessage("status", { execution_state: "dead" }));
  }

  #announce(message: ChannelMessage): void {
    for (const link of this.#links.values()) link.receive(message);
  }
}
