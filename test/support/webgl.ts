/** Runs in a page before its scripts: keeps every WebGL context as `webglContexts`, so that garbage collection ends none. */
export function recordContexts(): void {
  const all: unknown[] = [];
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
    const context: unknown = Reflect.apply(getContext, this, [kind, ...more]);
    if (kind.startsWith("webgl") && context !== null && !all.includes(context)) all.push(context);
    return context;
  } as typeof getContext;
  Object.assign(globalThis, { webglContexts: all });
}
