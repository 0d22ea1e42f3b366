const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Calls *close* on the first SIGINT, SIGTERM or SIGHUP and ends the process when it is done; a second signal
 * ends it at once. @returns stops listening */
export function closeOnSignals(close: () => Promise<void>): () => void {
  let closing = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = 128 + signals[signal as keyof typeof signals];
    if (closing) process.exit(code);
    closing = true;
    close().finally(() => process.exit(code));
  };
  for (const signal of Object.keys(signals)) process.on(signal, onSignal);
  return () => {
    // The handler stays while it is at work: without one, a second signal would skip the cleaning up.
    if (!closing) for (const signal of Object.keys(signals)) process.off(signal, onSignal);
  };
}
