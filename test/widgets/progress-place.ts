import { Board, type Outlet } from "../../widgets/lib/progress/board.js";
import { describeReading } from "../../widgets/lib/progress/meter.js";
import { type ProgressItems, type ProgressOptions, progressAt } from "../../widgets/lib/progress/progress.js";

/** A place whose clock moves only when told to. */
export function testPlace(makeOutlet?: () => Outlet) {
  let time = 0;
  const shown: string[] = [];
  const outlets: number[] = [];
  const outlet = (): Outlet => {
    outlets.push(time);
    return {
      interval: 100,
      show: (bars, ended) => void shown.push(bars.map(describeReading).join(" | ") + (ended ? " END" : "")),
    };
  };
  const now = (): number => time;
  const board = new Board(makeOutlet ?? outlet, now);
  const over = <Item>(items: Iterable<Item>, options: ProgressOptions = {}): ProgressItems<Item> =>
    progressAt({ board: () => board, now }, items, options) as ProgressItems<Item>;
  return { shown, outlets, board, over, pass: (milliseconds: number) => (time += milliseconds) };
}
