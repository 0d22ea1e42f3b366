import type { FastifyInstance, FastifyReply } from "fastify";

/** An answer other than success: the status and a sentence for the person at the screen. */
export class HttpError extends Error {
  override readonly name = "HttpError" as const;
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a file system error means to a client. */
const fileErrors: Readonly<Record<string, readonly [status: number, words: string]>> = {
  ENOENT: [404, "file or folder does not exist"],
  ENOTDIR: [404, "a part of the path is not a folder"],
  EACCES: [403, "permission denied"],
  EPERM: [403, "operation not permitted"],
  EROFS: [403, "the file system is read-only"],
  EEXIST: [409, "the file exists already"],
  ENOTEMPTY: [400, "the folder is not empty"],
  EISDIR: [400, "is a folder"],
  ENAMETOOLONG: [400, "the name is too long"],
  ENOSPC: [507, "no space left on the disk"],
  EDQUOT: [507, "the disk quota is used up"],
  EMFILE: [503, "too many open files"],
};

/** Turns anything thrown into an {@link HttpError}; the unknown becomes a 500 that tells a client nothing.
 * @param about named in the message of a file system error, in place of an absolute path */
export function toHttpError(error: unknown, about = ""): HttpError {
  if (error instanceof HttpError) return error;
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  const known = code === undefined ? undefined : fileErrors[code];
  if (known) return new HttpError(known[0], about ? `${about}: ${known[1]}` : known[1]);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HttpError(statusCode, message ?? "bad request");
  }
  return new HttpError(500, "internal error; the server's terminal shows more");
}

/** Sends an error in the form that Jupyter's front ends expect. */
export function sendError(reply: FastifyReply, error: HttpError): FastifyReply {
  return reply.code(error.status).send({ message: error.message, reason: null });
}

/** Makes every failure of *app* a JSON answer without a stack trace; unexpected ones go to *log*. */
export function installErrorHandler(app: FastifyInstance, log: (line: string) => void): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toHttpError(error);
    if (answer.status === 500) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log(`${request.method} ${request.url.split("?")[0]} failed: ${stack}`);
    }
    return sendError(reply, answer);
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new HttpError(404, `${request.method} ${request.url.split("?")[0]}: no such endpoint`)),
  );
}
