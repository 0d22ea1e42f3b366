/** Restarts; a thousand of them in `npm run test:slow`. */
import { test } from "vitest";
import { restartByHand } from "../support/restarts.js";

test("ten restarts on one connection file: each kernel is new, nothing is left behind", async () => {
  await restartByHand(10);
}, 300_000);
