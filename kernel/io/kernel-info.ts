/** The content of `kernel_info_reply`. */
import { readFileSync } from "node:fs";
import { protocolVersion } from "./wire.js";

const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

/** The TypeScript that checks cells: tslab's. */
const typescriptVersion = "5.0.4";

/** Who this kernel is and what it can do. Subshells and the debugger are left unsupported, and say so. */
export const kernelInfo: Readonly<Record<string, unknown>> = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "lowbit",
  implementation_version: version,
  banner: `Lowbit ${version}: TypeScript ${typescriptVersion} on Node ${process.version}`,
  debugger: false,
  supported_features: [],
  language_info: {
    name: "typescript",
    version: typescriptVersion,
    mimetype: "application/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "typescript" },
    nbconvert_exporter: "script",
  },
  help_links: [
    { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
    { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
    { text: "math.js", url: "https://mathjs.org/docs/" },
  ],
};
