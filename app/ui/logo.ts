import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ILabShell } from "@jupyterlab/application";
import { LabIcon } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import svg from "./logo.svg";

const icon: LabIcon = new LabIcon({ name: "lowbit:logo", svgstr: svg });

/** Puts Lowbit's mark at the left end of the top bar. */
export const logo: JupyterFrontEndPlugin<void> = {
  id: "lowbit:logo",
  description: "Shows Lowbit's mark.",
  autoStart: true,
  requires: [ILabShell],
  activate: (_app, shell: ILabShell) => {
    const widget = new Widget();
    icon.element({ container: widget.node, elementPosition: "center", margin: "2px 2px 2px 8px", width: "16px" });
    widget.id = "jp-MainLogo";
    widget.node.title = "Lowbit";
    shell.add(widget, "top", { rank: 0 });
  },
};
