/**
 * The closed family of errors that Lowbit throws on bad input. Each has a literal `tag` to switch on and
 * a message of the form `function: what arrived, what was expected`.
 */

/** One of the four tags; `error.tag` narrows a {@link LowbitError}. */
export type ErrorTag = "shape" | "dtype" | "value" | "file-format";

/** The common parent, so that `catch (e) { if (e instanceof LowbitError) … }` is possible. */
export abstract class LowbitError extends Error {
  abstract readonly tag: ErrorTag;
}

/** Shapes that do not fit: a group that does not divide, lengths that differ, a wrong rank. */
export class ShapeError extends LowbitError {
  readonly tag = "shape" as const;
  override readonly name = "ShapeError" as const;
}

/** A tensor of a dtype that the function does not take. */
export class DtypeError extends LowbitError {
  readonly tag = "dtype" as const;
  override readonly name = "DtypeError" as const;
}

/** A value outside its range: NaN in a weight, `keep` larger than `group`, an unknown option. */
export class ValueError extends LowbitError {
  readonly tag = "value" as const;
  override readonly name = "ValueError" as const;
}

/** A file that lies about its size, shape, offsets or dtype. */
export class FileFormatError extends LowbitError {
  readonly tag = "file-format" as const;
  override readonly name = "FileFormatError" as const;
  /** Where in the file the problem was seen, in bytes from its start. */
  readonly byteOffset: number;

  constructor(message: string, byteOffset: number) {
    // What arrived may be a name or a shape of megabytes.
    const cut = message.length > 1200 ? `${message.slice(0, 800)} … ${message.slice(-300)}` : message;
    super(`${cut} (at byte ${byteOffset})`);
    this.byteOffset = byteOffset;
  }
}
