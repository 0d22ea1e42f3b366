/**
 * The script of an exported page that starts the others. They are in the page as gzipped text; each is inflated when it
 * is first needed and runs as an inline script, which the page's policy allows because it names the script's hash.
 */
export {};

const pieces = new Map<string, string>();
for (const holder of document.querySelectorAll<HTMLScriptElement>("script[data-piece]")) {
  pieces.set(holder.dataset.piece ?? "", holder.textContent ?? "");
  holder.remove();
}

const loading = new Map<string, Promise<void>>();

function load(name: string): Promise<void> {
  const started = loading.get(name) ?? run(name);
  loading.set(name, started);
  return started;
}

async function run(name: string): Promise<void> {
  const packed = pieces.get(name);
  if (packed === undefined) throw new Error(`this page was exported without "${name}"`);
  pieces.delete(name);
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(inflated).text();
  document.head.append(script);
  script.remove();
}

Object.defineProperty(globalThis, Symbol.for("lowbit.load"), { value: load });
Object.defineProperty(globalThis, Symbol.for("lowbit.has"), { value: (name: string) => pieces.has(name) });
interface Runtime {
  readonly [key: symbol]: { readonly runtime: { startPage(): Promise<void> } };
}

void load("runtime").then(() => (globalThis as unknown as Runtime)[Symbol.for("lowbit.pieces")]?.runtime.startPage());
