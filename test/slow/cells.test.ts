/** Ten thousand cells in one kernel. */
import { expect, test } from "vitest";
import { growthPerCell, runManyCells } from "../support/endurance.js";

/** Bytes per cell, once the 2,000 cells whose places are remembered are there: the texts that must be kept, and no more. */
const flat = 1000;

test("10,000 cells: from the 5,000th on every thread's heap is flat", async () => {
  const growth = growthPerCell(await runManyCells([5000, 10_000]));
  expect(growth.main).toBeLessThan(flat);
  expect(growth.io).toBeLessThan(flat);
  expect(growth.compiler).toBeLessThan(flat);
});
