/** The compute benchmark's outcome as tables. */
import type { CoreRow } from "./core.js";

/** What a run measured. */
export interface CoreReport {
  readonly title: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How it was measured. */
  readonly method: string;
  readonly rows: readonly CoreRow[];
}

/** Peers that fuse a whole computation into one pass, as ours do. */
const fused = (row: CoreRow): boolean => row.peer.startsWith("numba");

/**
 * Returns the short table: a line per kernel and number of threads, with our two times, the best of the other peers and
 * numba; each peer's time with the ratio to ours in place and streamed.
 */
export function coreTable({ rows }: CoreReport): string {
  const lines = [...groupBy(rows, ({ kernel, size, threads }) => `${kernel}\n${size}\n${threads}`).values()].map(
    tableLine,
  );
  return [
    "| kernel | size | threads | in place, ms | streamed, ms | share of the limit | best of NumPy, PyTorch …, ms | ratio | numba, ms | ratio |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

function tableLine(rows: readonly CoreRow[]): string {
  const { kernel, size, threads } = rows[0] as CoreRow;
  const at = (place: string): CoreRow | undefined => rows.find((row) => row.place === place);
  const best = fastest(rows.filter((row) => !fused(row)));
  const numba = fastest(rows.filter(fused));
  const share = (at("in place") ?? at("streamed"))?.limitShare;
  const cells = [
    ...[kernel, size, String(threads), ms(at("in place")?.oursMs), ms(at("streamed")?.oursMs)],
    share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)} %`,
    ...peerCells(best, rows, true),
    ...peerCells(numba, rows, false),
  ];
  return `| ${cells.join(" | ")} |`;
}

function peerCells(peer: CoreRow | undefined, rows: readonly CoreRow[], named: boolean): string[] {
  if (peer === undefined) return ["–", "–"];
  const same = rows.filter((row) => row.peer === peer.peer && row.ratio !== null);
  const ratios = ["in place", "streamed"].flatMap((place) => same.filter((row) => row.place === place));
  const text = ratios.map((row) => `${times(row.ratio)}×`).join(" / ");
  return [`${ms(peer.peerMs ?? undefined)}${named ? ` (${peer.peer})` : ""}`, text];
}

function fastest(rows: readonly CoreRow[]): CoreRow | undefined {
  const known = rows.filter((row) => row.peerMs !== null);
  return known.reduce<CoreRow | undefined>(
    (best, row) => (best === undefined || (row.peerMs as number) < (best.peerMs as number) ? row : best),
    undefined,
  );
}

/** Returns the report as a Markdown page: the short table, then every row with its spread. */
export function corePage(report: CoreReport): string {
  const all = report.rows.map((row) => {
    const { kernel, size, place, threads, peer, oursMs, peerMs, ratio, spread, reason } = row;
    const beside =
      peerMs === null ? [`left out: ${reason}`, "–", "–"] : [ms(peerMs), `${times(ratio)}×`, spreadOf(spread)];
    return `| ${[kernel, size, place, threads, peer, ms(oursMs), ...beside].join(" | ")} |`;
  });
  return [
    `# ${report.title}`,
    "",
    coreCaption(report),
    "",
    coreTable(report),
    "",
    "| kernel | size | ours | threads | peer | ours, ms | peer, ms | ratio | middle half of the ratios |",
    "| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ...all,
    "",
  ].join("\n");
}

/** Returns the line below the table: how and with what it was measured. */
export function coreCaption({ machine, versions, method }: CoreReport): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${method} Ratios are the peer's time over ours, in place / streamed; the limit is copying what has to be read and ` +
    `written at least. ${machine}; ${named.join(", ")}.`
  );
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

const spreadOf = (spread: CoreRow["spread"]): string => (spread === null ? "–" : spread.map(times).join("–"));

function times(ratio: number | null): string {
  if (ratio === null) return "–";
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2);
}

function ms(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
