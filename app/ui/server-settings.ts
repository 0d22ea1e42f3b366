import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { IServerSettings, ServerConnection } from "@jupyterlab/services";

/** How the page talks to the server. JupyterLab takes the XSRF token from the cookie `_xsrf`, which cookies
 * of another server on this machine may overwrite (cookies do not know ports), so it comes from the page. */
export const serverSettings: JupyterFrontEndPlugin<ServerConnection.ISettings> = {
  id: "lowbit:server-settings",
  description: "Sends the page's own XSRF token with every request.",
  autoStart: true,
  provides: IServerSettings,
  activate: () => {
    const token = PageConfig.getOption("xsrfToken");
    return ServerConnection.makeSettings({ fetch: (input, init) => fetchWithToken(token, input, init) });
  },
};

function fetchWithToken(token: string, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (new URL(request.url).origin === location.origin) request.headers.set("X-XSRFToken", token);
  return fetch(request);
}
