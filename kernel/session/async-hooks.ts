/** Hooks that cells make with `node:async_hooks`, so that a stop can switch them off. */
import hooks, { type AsyncHook, type HookCallbacks } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";

/** Under this symbol the io thread finds the function that switches off what cells have switched on. */
const disableHooksSymbol = Symbol.for("lowbit.disable-async-hooks");

/**
 * Replaces `createHook`. While a hook is on, Node checks after every callback that its stack of async ids is empty and
 * aborts the process when it is not, as after a stop; so a stop ends the hooks of cells too.
 */
export function trackAsyncHooks(): void {
  const enabled = new Set<AsyncHook>();
  const { createHook } = hooks;
  const tracked = (callbacks: HookCallbacks): AsyncHook => {
    const hook = createHook(callbacks);
    const { enable, disable } = hook;
    hook.enable = () => {
      enabled.add(hook);
      return enable.call(hook);
    };
    hook.disable = () => {
      enabled.delete(hook);
      return disable.call(hook);
    };
    return hook;
  };
  Object.assign(hooks, { createHook: tracked });
  syncBuiltinESMExports();
  const disableAll = (): void => {
    for (const hook of enabled) hook.disable();
  };
  Object.defineProperty(globalThis, disableHooksSymbol, { value: disableAll });
}
