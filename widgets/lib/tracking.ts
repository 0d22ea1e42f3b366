/** Which values a function reads, so that it can run again when one of them changes. */

/** Something whose named values can be read and watched: a widget, or a derived value. */
export interface Readable {
  observe(handler: () => unknown, name: string): void;
  unobserve(handler: () => unknown, name: string): void;
}

type Note = (source: Readable, name: string) => void;

let note: Note | undefined;

/** Tells whoever tracks that a value is being read. */
export function noteRead(source: Readable, name: string): void {
  note?.(source, name);
}

/** Runs `action`; what it reads, before its first await, is told to `take`. */
export function tracked<Result>(action: () => Result, take: Note): Result {
  return withNote(take, action);
}

/** Runs `action`; what it reads is nobody's business: it was called because of a change, not in order to read. */
export function untracked<Result>(action: () => Result): Result {
  return note === undefined ? action() : withNote(undefined, action);
}

function withNote<Result>(next: Note | undefined, action: () => Result): Result {
  const before = note;
  note = next;
  try {
    return action();
  } finally {
    note = before;
  }
}

/** A function whose reads are watched: when one of the values changes, `changed` is called. */
export class Reader {
  readonly #changed: () => void;
  readonly #watched: Map<Readable, Set<string>> = new Map();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Runs `action` and watches what it reads, from the moment it reads it, instead of what was read before. */
  read<Result>(action: () => Result): Result {
    const read = new Map<Readable, Set<string>>();
    try {
      return tracked(action, (source, name) => {
        add(read, source, name);
        if (add(this.#watched, source, name)) source.observe(this.#changed, name);
      });
    } finally {
      this.#keepOnly(read);
    }
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#keepOnly(new Map());
  }

  #keepOnly(read: ReadonlyMap<Readable, ReadonlySet<string>>): void {
    for (const [source, names] of this.#watched) {
      for (const name of names) {
        if (read.get(source)?.has(name)) continue;
        names.delete(name);
        source.unobserve(this.#changed, name);
      }
      if (names.size === 0) this.#watched.delete(source);
    }
  }
}

/** Adds a name; returns whether it is new. */
function add(to: Map<Readable, Set<string>>, source: Readable, name: string): boolean {
  const names = to.get(source) ?? new Set();
  to.set(source, names);
  if (names.has(name)) return false;
  names.add(name);
  return true;
}
