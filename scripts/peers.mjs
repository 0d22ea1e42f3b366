// What tests need beyond npm's packages: Chromium from Debian, and Python peers in a .venv of the project. Each is
// installed when it can be; what cannot be had is returned with the reason, and its tests are skipped.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const venv = join(root, ".venv");
const requirements = join(root, "test", "requirements.txt");

/** Runs a command and returns whether it succeeded; its output is shown only when it did not. */
function attempt(command, args, timeout = 600_000) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (result.status === 0) return { ok: true, reason: "" };
  const text = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n");
  return { ok: false, reason: result.error?.message ?? text.at(-1) ?? `exit code ${result.status}` };
}

function chromium() {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  if (places.some(existsSync)) return "";
  if (process.getuid?.() !== 0)
    return "Chromium is not installed (apt-get install chromium), and this user is not root";
  if (!existsSync("/usr/bin/apt-get")) return "Chromium is not installed, and this system has no apt-get";
  console.error("lowbit: installing Chromium from Debian's packages …");
  attempt("apt-get", ["update"]);
  const { ok, reason } = attempt("apt-get", ["install", "-y", "chromium"]);
  return ok ? "" : `Chromium cannot be installed: ${reason}`;
}

function python() {
  const wanted = readFileSync(requirements, "utf8");
  const stamp = join(venv, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return "";
  if (!attempt("python3", ["--version"]).ok) return "Python 3 is not installed";
  console.error("lowbit: installing the Python peers into .venv …");
  for (const [command, args] of [
    ["python3", ["-m", "venv", "--clear", venv]],
    [
      join(venv, "bin", "python"),
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
    ],
  ]) {
    const { ok, reason } = attempt(command, args);
    if (!ok) return `the Python peers cannot be installed: ${reason}`;
  }
  writeFileSync(stamp, wanted);
  return "";
}

/** Installs what is missing and returns the reasons for what stays missing. */
export function preparePeers() {
  return [chromium(), python()].filter((reason) => reason !== "");
}
