/** A kernel that is used all day does not grow; ten thousand cells in `npm run test:slow`. */
import { expect, test } from "vitest";
import { growthPerCell, runManyCells } from "../support/endurance.js";

/**
 * Bytes by which a cell may make a heap grow. What must grow is small: a cell's text in the history and in what a new
 * compiler would be told, and the source maps of the last 2,000 cells. Keeping a cell's syntax tree or its messages
 * would be ten times as much.
 */
const perCell = { main: 6_000, io: 4_000, compiler: 12_000 };

test("a thousand cells: no thread's heap grows by more than the texts that it must keep", async () => {
  const measured = await runManyCells([300, 1000]);
  const growth = growthPerCell(measured);
  expect(growth.main).toBeLessThan(perCell.main);
  expect(growth.io).toBeLessThan(perCell.io);
  expect(growth.compiler).toBeLessThan(perCell.compiler);
}, 300_000);
