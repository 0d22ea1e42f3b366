import type { z } from "zod";
import { HttpError } from "./http-error.js";

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
