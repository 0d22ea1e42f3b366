/**
 * Who may talk to the server. Every request and every websocket passes the same three questions: is it meant
 * for this server (Host, Origin), is it from the person who started it (token), and did our own page send it
 * (XSRF)? Loopback alone does not answer them: any web page can reach 127.0.0.1.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "./http-error.js";

/** The Content-Security-Policy of every page; JupyterLab compiles its settings schemas, hence unsafe-eval. */
export const contentSecurityPolicy: string = [
  "default-src 'self'",
  // blob: the views that widgets bring along as text; whoever can make a blob can evaluate text already.
  "script-src 'self' 'unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws:",
  // HTML and PDF files are shown from blobs: an HTML file in a sandbox, and under this very policy.
  "frame-src 'self' blob:",
  "frame-ancestors 'self'",
  "object-src 'self' blob:",
  "base-uri 'self'",
].join("; ");

/** The headers that every answer carries. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The parts of a request that decide about it. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly websocket?: boolean;
}

/** Decides about requests for one running server. */
export interface Guard {
  readonly token: string;
  /** Sent by our own page as `X-XSRFToken` with every state-changing call. Derived from the secret, one way. */
  readonly xsrfToken: string;
  /** Throws 403 unless Host names this server and Origin, when there is one, is this server's. */
  checkOrigin(request: GuardedRequest): void;
  /** Whether *candidate* is the token; constant time. */
  isToken(candidate: string): boolean;
  /** How the request proves who sent it; undefined when it does not. */
  identify(request: GuardedRequest): "token" | "cookie" | undefined;
  /** Throws 403 for a state-changing call that only a cookie vouches for and our page did not send. */
  checkXsrf(request: GuardedRequest): void;
  /** The cookies of a person who came with the right token, as `Set-Cookie` values. */
  cookies(): string[];
  /** What takes them away again. */
  farewell(): string[];
}

/** Returns a fresh 256-bit token in hex. */
export function createToken(): string {
  return randomBytes(32).toString("hex");
}

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Returns the guard of the server that listens on *port* of the loopback interface.
 * @param token lets somebody in who opens the address that was printed; another one at each start
 * @param secret makes the cookies that this person then has; the same at each start, so that an open page finds its
 *   server again after a restart
 */
export function createGuard(token: string, port: number, secret: Uint8Array): Guard {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Browsers leave the default port out of Host and Origin.
  if (port === 80) hosts.push("127.0.0.1", "localhost");
  const derive = (purpose: string): string => createHmac("sha256", secret).update(purpose).digest("hex");
  const xsrfToken = derive("xsrf");
  const visitor = derive("cookie");
  const cookieName = `lowbit-${port}`;
  const isToken = (candidate: string): boolean => equal(candidate, token);

  return {
    token,
    xsrfToken,
    isToken,
    checkOrigin: (request) => checkOrigin(request, hosts),
    identify: ({ headers }) => {
      const [, offered] = /^(?:token|bearer) +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
      if (offered !== undefined) return isToken(offered) ? "token" : undefined;
      const cookie = readCookie(headers.cookie ?? "", cookieName);
      return cookie !== undefined && equal(cookie, visitor) ? "cookie" : undefined;
    },
    checkXsrf: ({ method, headers }) => {
      if (safeMethods.has(method) || headers.authorization !== undefined) return;
      const sent = headers["x-xsrftoken"];
      if (typeof sent !== "string" || !equal(sent, xsrfToken)) {
        throw new HttpError(403, "'X-XSRFToken' is missing or wrong; reload the page");
      }
    },
    cookies: () => [
      `${cookieName}=${visitor}; Path=/; HttpOnly; SameSite=Strict`,
      `_xsrf=${xsrfToken}; Path=/; SameSite=Strict`,
    ],
    farewell: () => [cookieName, "_xsrf"].map((name) => `${name}=; Path=/; Max-Age=0; SameSite=Strict`),
  };
}

function checkOrigin({ headers, websocket }: GuardedRequest, hosts: readonly string[]): void {
  const { host = "", origin } = headers;
  if (!hosts.includes(host)) throw new HttpError(403, `Host "${host}" is not this server`);
  if (origin === undefined) {
    // Every browser sends Origin when it opens a websocket; a program may leave it out if it has the token.
    if (websocket && headers.authorization === undefined) throw new HttpError(403, "websocket without Origin");
  } else if (origin !== `http://${host}`) {
    throw new HttpError(403, `Origin "${origin}" may not talk to this server`);
  }
}

/** Constant-time comparison. Hashing first makes the lengths equal and leaks neither. */
function equal(a: string, b: string): boolean {
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Returns the value of one cookie of a `Cookie` header. */
export function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
