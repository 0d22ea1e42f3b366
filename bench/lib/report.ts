/** What was measured, where, with which versions: as JSON and as a Markdown table. */
import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { type Comparison, comparisonCaption, comparisonPage, comparisonTable } from "./comparison.js";
import { type CoreReport, coreCaption, corePage, coreTable } from "./core-report.js";
import type { Timing } from "./measure.js";
import { writeBetweenMarks } from "./readme.js";

/** One benchmark's outcome. */
export interface Report {
  readonly title: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly notes: readonly string[];
  readonly timings: readonly Timing[];
}

/** Returns the processor, its number of cores, and the system. */
export function describeMachine(): string {
  const cores = cpus();
  return `${cores[0]?.model ?? "unknown processor"}, ${cores.length} cores, ${platform()} ${arch()}`;
}

/** Any benchmark's outcome. */
export type AnyReport = Report | Comparison | CoreReport;

/** Returns the report as a Markdown page. */
export function toMarkdown(report: AnyReport): string {
  if ("method" in report && !("columns" in report)) return corePage(report);
  return "columns" in report ? comparisonPage(report) : timingsPage(report);
}

function timingsPage(report: Report): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const rows = report.timings.map(({ computation, variant, by, medianMs, minMs, relative }) => {
    return `| ${computation} | ${variant} | ${by} | ${number(medianMs)} | ${number(minMs)} | ${number(relative)} |`;
  });
  return [
    `# ${report.title}`,
    "",
    `${report.machine}; ${versions.join(", ")}. One thread each, runs alternate, medians of ${rounds(report)} rounds after 2 for`,
    "warm-up. All variants of a computation were checked to compute the same value. Times are of this machine and of",
    "that day: compare the ratios, and those with care.",
    "",
    "| computation | variant | by | median ms | fastest ms | time relative to the first |",
    "| --- | --- | --- | ---: | ---: | ---: |",
    ...rows,
    ...report.notes.map((note) => `\n- ${note}`),
    "",
  ].join("\n");
}

/** Writes `<slug>.json` and `<slug>.md` into the folder. */
export function writeReport(folder: string, slug: string, report: AnyReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${slug}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${folder}/${slug}.md`, toMarkdown(report));
}

/**
 * Writes a table and what it was measured with between its marks in the README.
 * @returns whether it has a place there
 */
export function writeReadme(file: string, slug: string, report: AnyReport): boolean {
  if ("timings" in report) return false;
  if (!("columns" in report)) return writeBetweenMarks(file, slug, `${coreTable(report)}\n\n${coreCaption(report)}`);
  return writeBetweenMarks(file, slug, `${comparisonTable(report, false)}\n\n${comparisonCaption(report)}`);
}

function rounds({ timings }: Report): string {
  const all = [...new Set(timings.map((timing) => timing.rounds))].sort((a, b) => a - b);
  return all.join(" or ");
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
