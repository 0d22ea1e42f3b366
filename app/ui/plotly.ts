/** Renders Plotly figures (`application/vnd.plotly.v1+json`) with the figures of the widgets' bundle. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { loadBundle, type PlotHandle } from "./widget-bundle.js";

const mimeType = "application/vnd.plotly.v1+json";

/** The part of a figure that its place must know. */
interface Figure {
  readonly layout?: { readonly height?: number };
}

/** Plotly's own. Without a height a figure takes that of its place, which may be the height of the prompt beside it. */
const usualHeight = 450;

/** One figure in an output. */
class RenderedPlotly extends Widget implements IRenderMime.IRenderer {
  private handle: PlotHandle | undefined;

  constructor() {
    super();
    this.addClass("lowbit-plotly");
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = model.data[mimeType] as Figure | undefined;
    if (figure === undefined || this.isDisposed) return;
    this.node.style.height = `${figure.layout?.height ?? usualHeight}px`;
    const { plot } = await loadBundle();
    if (this.isDisposed) return;
    if (this.handle === undefined) this.handle = plot(this.node, figure);
    else void this.handle.update(figure);
    await this.handle.ready;
    if (model.data["image/png"] === undefined && !this.isDisposed) await this.addPicture(model, this.handle);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.handle?.dispose();
    super.dispose();
  }

  protected override onAfterShow(_message: Message): void {
    this.handle?.resize();
  }

  /** A saved notebook then shows the figure also where there is no Plotly. */
  private async addPicture(model: IRenderMime.IMimeModel, handle: PlotHandle): Promise<void> {
    const { width, height } = this.node.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const picture = await handle.toImage({ onWhite: true });
    if (!this.isDisposed) model.setData({ data: { ...model.data, "image/png": picture.split(",")[1] ?? "" } });
  }
}

/** The MIME extension, as JupyterLab takes it. */
export const plotly: IRenderMime.IExtension = {
  id: "lowbit:plotly",
  description: "Renders Plotly figures.",
  rendererFactory: { safe: true, mimeTypes: [mimeType], createRenderer: () => new RenderedPlotly() },
  rank: 55,
  dataType: "json",
};
