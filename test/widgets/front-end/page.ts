/** The page of front-end.test.ts: Jupyter's widget manager, controls and our bundle, with a kernel half beside them. */
import * as base from "@jupyter-widgets/base";
import { HTMLManager } from "@jupyter-widgets/html-manager";
import { setHost } from "../../../src/display.js";
import * as random from "../../../src/random/index.js";
import * as widgets from "../../../widgets/index.js";
import { type FrontEndComm, InPageHost, type Traffic } from "../../../widgets/lib/in-page-host.js";

/** What dist/widgets/lab.js exports. */
interface Bundle {
  readonly moduleName: string;
  readonly moduleVersion: string;
  createWidgets(module: typeof base): Record<string, unknown>;
}

const host = new InPageHost();
const traffic: Traffic[] = [];
host.onTraffic = (message) => traffic.push(message);
setHost(host);

/** The manager's name for the same thing. */
function classic(comm: FrontEndComm): base.IClassicComm {
  return comm as unknown as base.IClassicComm;
}

class Manager extends HTMLManager {
  readonly #exports: Record<string, unknown>;

  constructor(exports: Record<string, unknown>) {
    super();
    this.#exports = exports;
  }

  protected override loadClass(name: string, module: string, version: string): ReturnType<HTMLManager["loadClass"]> {
    const found = module === "lowbit" ? this.#exports[name] : undefined;
    if (found === undefined) return super.loadClass(name, module, version);
    return Promise.resolve(found as typeof base.WidgetModel);
  }

  override async _create_comm(
    target: string,
    id = crypto.randomUUID() as string,
    data?: unknown,
  ): Promise<base.IClassicComm> {
    return classic(data === undefined ? host.frontEndComm(id) : host.openFromFrontEnd(target, id, {}));
  }

  override async _get_comm_info(): Promise<object> {
    return {};
  }

  /** What a front end does when its page is loaded anew while the kernel runs on. */
  restore(): Promise<void> {
    return this._loadFromKernel();
  }
}

async function start(): Promise<void> {
  const bundle = (await import("/lab.js" as string)) as Bundle;
  const exports = bundle.createWidgets(base);
  const connect = (): Manager => {
    const manager = new Manager(exports);
    host.onOpen = (comm, message) => void manager.handle_comm_open(classic(comm), message as never);
    return manager;
  };
  let manager = connect();
  const tools = {
    widgets,
    random,
    host: Object.assign(host, { traffic }),
    moduleName: bundle.moduleName,
    moduleVersion: bundle.moduleVersion,
    exports,
    /** Shows a view of a widget in a new element and returns when it is there. */
    async show(widget: widgets.Widget): Promise<HTMLElement> {
      return this.showModel(widget.id);
    },
    /** Shows a view of the model with this id. */
    async showModel(id: string): Promise<HTMLElement> {
      const el = document.createElement("div");
      document.body.append(el);
      await manager.display_view(await manager.create_view(await manager.get_model(id)), el);
      return el;
    },
    /** The state that would be written into the notebook. */
    saved: () => manager.get_state(),
    /** A page loaded anew: other models, the same kernel. */
    async reload(): Promise<void> {
      document.body.replaceChildren();
      manager = connect();
      await manager.restore();
    },
    /** A page loaded anew from a notebook's saved state, without a kernel. */
    async open(state: unknown): Promise<void> {
      document.body.replaceChildren();
      manager = connect();
      await manager.set_state(state as never);
    },
    model: (id: string) => manager.get_model(id),
  };
  Object.assign(globalThis, { tools });
}

void start();
