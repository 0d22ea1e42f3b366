/** The changes of a value as a stream: `for await (const value of slider.changes("value"))`. */

/** What a stream of changes needs of a widget. */
interface Source {
  readonly isOpen: boolean;
  get(name: string): unknown;
  observe(handler: () => unknown, name: string): void;
  unobserve(handler: () => unknown, name: string): void;
  on(event: "close", handler: () => unknown): void;
  off(event: "close", handler: () => unknown): void;
}

/** Returns the stream. It watches from now on, holds one value for a slow reader, and ends when the widget closes. */
export function changesOf(widget: Source, name: string): AsyncIterableIterator<unknown> {
  let news = false;
  let ended = !widget.isOpen;
  let wake: (() => void) | undefined;
  const changed = (): void => {
    news = true;
    wake?.();
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    widget.unobserve(changed, name);
    widget.off("close", end);
    wake?.();
  };
  widget.observe(changed, name);
  if (ended) widget.unobserve(changed, name);
  else widget.on("close", end);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      while (!news && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (!news) return { done: true, value: undefined };
      news = false;
      return { done: false, value: widget.get(name) };
    },
    return: async () => {
      news = false;
      end();
      return { done: true, value: undefined };
    },
  };
}
