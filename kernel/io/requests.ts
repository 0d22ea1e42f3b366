/** The contents of requests, checked field by field: nothing that a client sends is trusted. */
// The third version loads in a quarter of the time of the fourth, and a kernel's first answer waits for it.
import { z } from "zod/v3";

/** The content of each request that the kernel answers, by message type, with defaults filled in. */
export interface RequestContents {
  readonly kernel_info_request: object;
  readonly connect_request: object;
  readonly execute_request: {
    readonly code: string;
    readonly silent: boolean;
    readonly store_history?: boolean | undefined;
    readonly user_expressions?: Readonly<Record<string, string>> | null | undefined;
    readonly allow_stdin: boolean;
    readonly stop_on_error: boolean;
  };
  readonly complete_request: { readonly code: string; readonly cursor_pos?: number | undefined };
  readonly inspect_request: { readonly code: string; readonly cursor_pos?: number | undefined };
  readonly is_complete_request: { readonly code: string };
  readonly history_request: {
    readonly hist_access_type: "range" | "tail" | "search";
    readonly output: boolean;
    readonly session?: number | null | undefined;
    readonly start?: number | null | undefined;
    readonly stop?: number | null | undefined;
    readonly n?: number | null | undefined;
    readonly pattern?: string | null | undefined;
    readonly unique: boolean;
  };
  readonly comm_info_request: { readonly target_name?: string | null | undefined };
  readonly interrupt_request: object;
  readonly shutdown_request: { readonly restart: boolean };
  readonly comm_open: CommContent & { readonly target_name: string };
  readonly comm_msg: CommContent;
  readonly comm_close: CommContent;
}

/** What every comm message carries. */
export interface CommContent {
  readonly comm_id: string;
  readonly data: Record<string, unknown>;
}

/** The types of messages that the kernel takes on shell and control. */
export type RequestType = keyof RequestContents;

/** The checked content of one type of request. */
export type RequestContent<Type extends RequestType> = RequestContents[Type];

const offset = z.number().int().min(0).max(0x7fffffff);
const comm = z.object({ comm_id: z.string().min(1), data: z.record(z.string(), z.unknown()).default({}) });
const whole = z.number().int().nullish();

const schemas: { readonly [Type in RequestType]: z.ZodType<RequestContents[Type], z.ZodTypeDef, unknown> } = {
  kernel_info_request: z.object({}),
  connect_request: z.object({}),
  execute_request: z.object({
    code: z.string(),
    silent: z.boolean().default(false),
    store_history: z.boolean().optional(),
    user_expressions: z.record(z.string(), z.string()).nullish(),
    allow_stdin: z.boolean().default(true),
    stop_on_error: z.boolean().default(true),
  }),
  complete_request: z.object({ code: z.string(), cursor_pos: offset.optional() }),
  inspect_request: z.object({ code: z.string(), cursor_pos: offset.optional() }),
  is_complete_request: z.object({ code: z.string() }),
  history_request: z.object({
    hist_access_type: z.enum(["range", "tail", "search"]),
    output: z.boolean().default(false),
    session: whole,
    start: whole,
    stop: whole,
    n: z.number().int().min(0).nullish(),
    pattern: z.string().nullish(),
    unique: z.boolean().default(false),
  }),
  comm_info_request: z.object({ target_name: z.string().nullish() }),
  interrupt_request: z.object({}),
  shutdown_request: z.object({ restart: z.boolean().default(false) }),
  comm_open: comm.extend({ target_name: z.string() }),
  comm_msg: comm,
  comm_close: comm,
};

/** Tells whether the kernel knows this type of message. */
export function isRequestType(type: string): type is RequestType {
  return Object.hasOwn(schemas, type);
}

/** Returns the content, checked and with its defaults, or what is wrong with it in words. */
export function parseRequest<Type extends RequestType>(
  type: Type,
  content: unknown,
): { readonly ok: true; readonly content: RequestContent<Type> } | { readonly ok: false; readonly reason: string } {
  const result = schemas[type].safeParse(content);
  if (result.success) return { ok: true, content: result.data as RequestContent<Type> };
  const issue = result.error.issues[0];
  return { ok: false, reason: `${type}: content.${issue?.path.join(".")}: ${issue?.message}` };
}
