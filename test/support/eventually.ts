import { expect } from "vitest";

/** An expectation about what a person sees once the page and the kernel have caught up. */
export const eventually = <T>(actual: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(actual, { timeout: 60_000 });
