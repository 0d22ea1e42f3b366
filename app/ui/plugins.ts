import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

/** A plugin as JupyterLab's application takes it; what it provides differs from one to the next. */
export type LabPlugin = JupyterFrontEndPlugin<unknown>;

/** The default export of one package, beside the package's name. */
export interface Loaded<Export> {
  readonly name: string;
  readonly exports: Export | readonly Export[];
}

/** What JupyterLab's plugin list shows about one plugin. */
export interface AvailablePlugin {
  id: string;
  description: string;
  requires: NonNullable<LabPlugin["requires"]>;
  optional: NonNullable<LabPlugin["optional"]>;
  provides: NonNullable<LabPlugin["provides"]> | null;
  autoStart: LabPlugin["autoStart"];
  enabled: boolean;
  extension: string;
}

/** The plugins to register, and what JupyterLab wants to know about the others. */
export interface SelectedPlugins {
  readonly plugins: LabPlugin[];
  readonly available: AvailablePlugin[];
  readonly disabled: string[];
  readonly deferred: string[];
}

/** The two questions that the page's configuration answers about a plugin. */
export interface PluginPolicy {
  isDisabled(id: string): boolean;
  isDeferred(id: string): boolean;
}

/** Sorts the plugins of all *loaded* packages into those that run, those that wait and those that are off.
 * Plugins in *replaced* are dropped without a trace; so are those that need a language server.
 * @example selectPlugins([{ name: "lowbit", exports: plugin }], new Set(), PageConfig.Extension).plugins */
export function selectPlugins(
  loaded: readonly Loaded<LabPlugin>[],
  replaced: ReadonlySet<string>,
  policy: PluginPolicy,
): SelectedPlugins {
  const selected: SelectedPlugins = { plugins: [], available: [], disabled: [], deferred: [] };
  for (const { name, exports } of loaded) {
    for (const plugin of Array.isArray(exports) ? exports : [exports]) {
      if (replaced.has(plugin.id) || plugin.id.endsWith(":language-server")) continue;
      const enabled = !policy.isDisabled(plugin.id);
      selected.available.push(describe(plugin, name, enabled));
      if (!enabled) {
        selected.disabled.push(plugin.id);
        continue;
      }
      if (policy.isDeferred(plugin.id)) selected.deferred.push(plugin.id);
      selected.plugins.push(plugin);
    }
  }
  return selected;
}

function describe(plugin: LabPlugin, extension: string, enabled: boolean): AvailablePlugin {
  return {
    id: plugin.id,
    description: plugin.description ?? "",
    requires: plugin.requires ?? [],
    optional: plugin.optional ?? [],
    provides: plugin.provides ?? null,
    autoStart: plugin.autoStart,
    enabled,
    extension,
  };
}
