import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { HttpError } from "./http-error.js";

/** Makes *app* read request bodies as JSON, and nothing but JSON. JupyterLab does not always name the type, and
 * sends some requests without a body. An object's "__proto__" stays data: nothing is merged. */
export function installBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(["application/json", "text/plain"], { parseAs: "string" }, (_request, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      return done(null, JSON.parse(body as string));
    } catch (error) {
      return done(new HttpError(400, `the request is not JSON: ${(error as Error).message}`));
    }
  });
}

/** Returns *value* as *schema* describes it. @throws HttpError 400 that names the first field that is wrong */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new HttpError(
    400,
    `${issue?.path.map(String).join(".") || "the request"}: ${issue?.message ?? "is not valid"}`,
  );
}
