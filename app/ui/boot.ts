import { JupyterLab } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { IConnectionStatus, IServiceManager } from "@jupyterlab/services";
import { PluginRegistry } from "@lumino/coreutils";
import { extensions, mimeExtensions } from "lowbit-app/extensions";
import "lowbit-app/styles";
import "./style.css";
import { busyWidgets } from "./busy-widgets.js";
import { comms } from "./comms.js";
import { connection } from "./connection/plugin.js";
import { journal } from "./journal/plugin.js";
import { findLateModels } from "./late-models.js";
import { logo } from "./logo.js";
import { plotly } from "./plotly.js";
import type { LabPlugin, Loaded } from "./plugins.js";
import { selectPlugins } from "./plugins.js";
import { serverSettings } from "./server-settings.js";
import { unread } from "./unread.js";
import { keepWidgetState } from "./widget-state.js";
import { widgets } from "./widgets.js";

/** Our own plugins; a plugin of JupyterLab that provides the same service is left out in their favour. */
const own: readonly LabPlugin[] = [serverSettings, connection, logo, widgets, comms, busyWidgets, journal, unread];
const replaced: ReadonlySet<string> = new Set([
  "@jupyterlab/services-extension:server-settings",
  "@jupyterlab/application-extension:logo",
]);

/** Builds JupyterLab from its extensions and ours, and starts it in the page. Resolves when it is restored. */
export async function boot(): Promise<void> {
  keepWidgetState();
  findLateModels();
  const loaded: readonly Loaded<LabPlugin>[] = [...extensions, { name: "lowbit", exports: own }];
  const selected = selectPlugins(loaded, replaced, PageConfig.Extension);
  const registry = new PluginRegistry<JupyterLab>();
  registry.registerPlugins(selected.plugins);

  const lab = new JupyterLab({
    pluginRegistry: registry,
    serviceManager: await registry.resolveRequiredService(IServiceManager),
    connectionStatus: (await registry.resolveOptionalService(IConnectionStatus)) ?? undefined,
    mimeExtensions: [...mimeExtensions, { name: "lowbit", exports: plotly }].map(
      ({ exports }) => ({ __esModule: true, default: exports }) as unknown as IRenderMime.IExtensionModule,
    ),
    availablePlugins: selected.available,
    disabled: { patterns: PageConfig.Extension.disabled, matches: selected.disabled },
    deferred: { patterns: PageConfig.Extension.deferred, matches: selected.deferred },
  });
  if (PageConfig.getOption("exposeAppInBrowser").toLowerCase() === "true") {
    (globalThis as { jupyterapp?: JupyterLab }).jupyterapp = lab;
  }
  await lab.start({ ignorePlugins: selected.deferred, bubblingKeydown: true });
  await lab.restored;
}
