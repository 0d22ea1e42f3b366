/**
 * Which figures may hold WebGL contexts. A page has about 16; one more, and the browser takes the oldest away, although
 * it may be the one that is looked at. So figures that are out of sight give theirs to those that are seen.
 */

/** A figure with WebGL. */
export interface ContextHolder {
  /** Whether it must keep what it has: it is in sight, or being drawn. */
  readonly needed: boolean;
  /** Whether a person sees it. */
  readonly seen: boolean;
  /** How many contexts it has, or will have: at least 1. */
  contexts(): number;
  /** Gives them back until it is seen again. */
  park(): void;
}

/** Leaves some to what is drawn without Plotly. */
const budget = 12;
/** Oldest first. */
const holders: Set<ContextHolder> = new Set();

/** Returns whether `holder` may draw now. If it is seen it may, and others that are not needed are parked for it. */
export function takeContexts(holder: ContextHolder): boolean {
  holders.delete(holder);
  let used = [...holders].reduce((sum, other) => sum + other.contexts(), 0);
  if (used >= budget && !holder.seen) return false;
  for (const other of holders) {
    if (used < budget) break;
    if (other.needed) continue;
    used -= other.contexts();
    holders.delete(other);
    other.park();
  }
  holders.add(holder);
  return true;
}

/** `holder` has none any more. */
export function giveContexts(holder: ContextHolder): void {
  holders.delete(holder);
}
