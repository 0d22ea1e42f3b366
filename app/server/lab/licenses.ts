/** `/lab/api/licenses`: what the front end is made of and under which terms. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseBody } from "../parse-body.js";

const packages = z.array(
  z.object({ name: z.string(), versionInfo: z.string(), licenseId: z.string(), extractedText: z.string() }),
);
type Packages = z.infer<typeof packages>;

const query = z.object({
  format: z.enum(["json", "csv", "markdown"]).default("json"),
  download: z.string().optional(),
});

/** Adds the license report. @param folders the built front end and the widgets' bundle */
export function installLicenses(app: FastifyInstance, folders: readonly string[]): void {
  app.get("/lab/api/licenses/", async (request, reply) => {
    const { format, download } = parseBody(query, request.query);
    const list = await readPackages(folders);
    const { type, extension, write } = formats[format];
    if (download !== undefined) reply.header("Content-Disposition", `attachment; filename="licenses.${extension}"`);
    return reply.type(`${type}; charset=utf-8`).send(write(list));
  });
}

/** Every package once, by name. */
async function readPackages(folders: readonly string[]): Promise<Packages> {
  const texts = await Promise.all(folders.map((folder) => readFile(join(folder, "licenses.json"), "utf8")));
  const all = texts.flatMap((text) => packages.parse(JSON.parse(text)));
  const unique = new Map(all.map((entry) => [`${entry.name}@${entry.versionInfo}`, entry]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const formats = {
  json: {
    type: "application/json",
    extension: "json",
    write: (list: Packages): string => JSON.stringify({ bundles: { Lowbit: { packages: list } } }),
  },
  csv: {
    type: "text/csv",
    extension: "csv",
    write: (list: Packages): string =>
      [["name", "versionInfo", "licenseId", "extractedText"], ...list.map((entry) => Object.values(entry))]
        .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(","))
        .join("\r\n"),
  },
  markdown: {
    type: "text/markdown",
    extension: "md",
    write: (list: Packages): string =>
      list
        .map((entry) => `## ${entry.name} ${entry.versionInfo}\n\n${entry.licenseId}\n\n${quote(entry.extractedText)}`)
        .join("\n\n"),
  },
} as const;

function quote(text: string): string {
  return text === "" ? "" : `\`\`\`\`text\n${text.trimEnd()}\n\`\`\`\``;
}
