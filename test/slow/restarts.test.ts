/** A thousand restarts: half as jupyter_client does them, half through the app's server. */
import { test } from "vitest";
import { restartByHand } from "../support/restarts.js";
import { restartByServer } from "../support/server-restarts.js";

test("500 restarts on one connection file: each kernel is new, nothing is left behind", () => restartByHand(500));

test("500 restarts through the server: no process, file or socket is left behind", () => restartByServer(500));
