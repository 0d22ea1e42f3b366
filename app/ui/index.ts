/** Entry of the page: a few hundred bytes that load the application's chunk. */
import("./boot.js").then(
  ({ boot }) => boot(),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    document.body.textContent = `Lowbit could not start: ${message}`;
  },
);
