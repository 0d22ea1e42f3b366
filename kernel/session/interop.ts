/** The helpers that TypeScript's output calls: the same answers as its own give, without printing them in each cell. */

type Module = Record<string, unknown>;

/** `import * as x`: an ES module as it is, anything else with itself as `default`. */
export function importStar(module: unknown): Module {
  const known = module as Module | null | undefined;
  if (known?.__esModule || isNamespace(module)) return known as Module;
  const copy: Module = {};
  if (known !== null && known !== undefined) {
    for (const key of Object.getOwnPropertyNames(known)) {
      if (key === "default") continue;
      Object.defineProperty(copy, key, { enumerable: true, get: () => known[key] });
    }
  }
  return Object.assign(copy, { default: module });
}

/** `import x`: the default export of an ES module, of anything else the thing itself. */
export function importDefault(module: unknown): { readonly default: unknown } {
  const known = module as { readonly __esModule?: boolean; readonly default?: unknown } | null | undefined;
  if (known?.__esModule || (isNamespace(module) && "default" in (module as object)))
    return known as { default: unknown };
  return { default: module };
}

/** `const { a, ...rest } = value`: what is left without the named properties. */
export function rest(value: object, named: readonly PropertyKey[]): object {
  const taken = new Set(named.map((key) => (typeof key === "symbol" ? key : String(key))));
  const own = Reflect.ownKeys(value).filter(
    (key) => !taken.has(key) && Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return Object.fromEntries(own.map((key) => [key, Reflect.get(value, key)]));
}

/** Returns the function under the name that it was written with. */
export function nameFunction<Value extends object>(value: Value, name: string): Value {
  return Object.defineProperty(value, "name", { value: name, configurable: true });
}

function isNamespace(module: unknown): boolean {
  return (module as { readonly [Symbol.toStringTag]?: string } | null)?.[Symbol.toStringTag] === "Module";
}
