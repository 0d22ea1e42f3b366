/** Restarts through the server; a thousand of them in `npm run test:slow`. */
import { test } from "vitest";
import { restartByServer } from "../support/server-restarts.js";

test("ten restarts through the server: no process, file or socket is left behind", async () => {
  await restartByServer(10);
}, 300_000);
