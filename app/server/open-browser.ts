import { spawn } from "node:child_process";

/** The program that opens an address on a platform, with its arguments. No shell sees the address. */
export function browserCommand(url: string, platform: NodeJS.Platform = process.platform): readonly [string, string[]] {
  if (platform === "darwin") return ["open", [url]];
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", url]];
  return ["xdg-open", [url]];
}

/** Opens *url* in the person's browser. A machine without one is no error: the address was printed. */
export function openBrowser(url: string): void {
  if (new URL(url).protocol !== "http:") throw new TypeError(`openBrowser: ${url}, expected an http address`);
  const [command, args] = browserCommand(url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}
