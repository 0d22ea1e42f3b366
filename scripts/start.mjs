// `npm start`: installs what is missing, builds what is stale, and starts the notebook app on this folder.
// Until packages are installed only Node's own modules are used. Progress goes to stderr; stdout gets the
// one line with the address. Arguments are those of `lowbit start`: npm start -- --port 9000 --no-open
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureInstalled } from "./install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

ensureInstalled();
const { build } = await import("./build.mjs");
try {
  // What other front ends load is not built for this: it takes a minute, and `npm run build` does it.
  build({ only: ["types", "widgets", "app", "export"] });
} catch (error) {
  console.error(`lowbit: ${error.message}`);
  process.exit(1);
}
const main = join(root, "dist/kernel/main.js");
process.argv = [process.execPath, main, "start", "--root", root, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
