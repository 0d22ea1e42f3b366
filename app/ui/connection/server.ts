import { PageConfig } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";

/** Who answers at the page's address. */
export type Found =
  | { readonly kind: "nobody" }
  /** The server that this page came from. */
  | { readonly kind: "same" }
  /** One that was started since, for the same folder. */
  | { readonly kind: "restarted"; readonly started: string }
  /** One that does not let this page in, or serves another folder: nothing must be saved there. */
  | { readonly kind: "stranger"; readonly root: string | undefined };

/** Asks once. @param started when the server was started that this page knows */
export async function look(settings: ServerConnection.ISettings, started: string): Promise<Found> {
  let answer: Response;
  try {
    answer = await ServerConnection.makeRequest(`${settings.baseUrl}lowbit/api/server`, {}, settings);
  } catch {
    return { kind: "nobody" };
  }
  if (answer.status === 503) return { kind: "nobody" };
  const about = (await answer.json().catch(() => ({}))) as { readonly started?: string; readonly root?: string };
  if (!answer.ok || about.started === undefined || about.root !== PageConfig.getOption("serverRoot")) {
    return { kind: "stranger", root: about.root };
  }
  return about.started === started ? { kind: "same" } : { kind: "restarted", started: about.started };
}
