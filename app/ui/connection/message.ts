import { Dialog } from "@jupyterlab/apputils";
import { PageConfig } from "@jupyterlab/coreutils";
import { Widget } from "@lumino/widgets";
import type { Found } from "./server.js";

/** The dialog about a server that is gone. */
export interface LostMessage {
  /** Says who answers now. */
  say(found: Found): void;
  close(): void;
}

/** Opens the dialog. It can be closed: what is in the page can be read and edited meanwhile. */
export function openMessage(): LostMessage {
  const body = new Widget();
  body.addClass("lowbit-connection");
  const dialog = new Dialog({
    title: "The server does not answer",
    body,
    buttons: [Dialog.okButton({ label: "Go on editing" })],
  });
  dialog.launch().catch(() => undefined);
  const say = (found: Found): void => body.node.replaceChildren(...sentences(found));
  say({ kind: "nobody" });
  return {
    say,
    close: () => {
      if (!dialog.isDisposed) dialog.dispose();
    },
  };
}

function sentences(found: Found): HTMLElement[] {
  const kept = paragraph("What you typed is still in this page, and not saved.");
  const command = document.createElement("pre");
  command.className = "lowbit-command";
  command.textContent = `lowbit start --port ${location.port || "80"} --root ${quote(PageConfig.getOption("serverRoot"))}`;
  if (found.kind !== "stranger") {
    const again = paragraph("Start the server again. This page then connects by itself:");
    return [paragraph(`Nothing answers at ${location.host} any more.`), kept, again, command];
  }
  const whose = found.root === undefined ? "that does not know this page" : `for the folder ${found.root}`;
  const other = paragraph(`At ${location.host} there is now a server ${whose}. Nothing is saved there.`);
  const end = paragraph(
    "End it, or start it with another port. Then start this page's own, and it connects by itself:",
  );
  return [other, kept, end, command];
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** A folder as a shell takes it. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
