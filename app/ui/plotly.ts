/** Renders Plotly figures (`application/vnd.plotly.v1+json`). The library is loaded with the first figure. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";

const mimeType = "application/vnd.plotly.v1+json";

/** What is used of Plotly's API. */
interface Plotly {
  react(node: HTMLElement, figure: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  toImage(figure: object, options: { format: "png"; width: number; height: number }): Promise<string>;
  Plots: { resize(node: HTMLElement): Promise<unknown> };
}

interface Figure extends ReadonlyPartialJSONObject {
  readonly data?: readonly (ReadonlyPartialJSONObject & { readonly type?: string })[];
  readonly layout?: ReadonlyPartialJSONObject;
  readonly config?: ReadonlyPartialJSONObject;
  readonly frames?: readonly ReadonlyPartialJSONObject[];
}

/** Trace types of the two small bundles; a figure with any other gets the whole library. */
const cartesian = new Set(
  "bar box contour heatmap histogram histogram2d histogram2dcontour image pie scatter scatterternary violin".split(" "),
);
const spatial = new Set("cone isosurface mesh3d scatter scatter3d streamtube surface volume".split(" "));

async function library(figure: Figure): Promise<Plotly> {
  const kinds = (figure.data ?? []).map(({ type }) => type ?? "scatter");
  const { default: plotly } = kinds.every((kind) => cartesian.has(kind))
    ? await import("plotly.js/dist/plotly-cartesian.min.js")
    : kinds.every((kind) => spatial.has(kind))
      ? await import("plotly.js/dist/plotly-gl3d.min.js")
      : await import("plotly.js/dist/plotly.min.js");
  return plotly as Plotly;
}

/** Space around the axes; Plotly's own leaves a third of a small figure empty. */
const margin = { t: 56, b: 56, l: 64, r: 32 };

/** The figure with the page's colours where it names none, and as wide as its place. */
function inTheme({ data = [], layout = {}, config = {}, frames }: Figure): object {
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { gridcolor: colour("--jp-border-color2"), zerolinecolor: colour("--jp-border-color1") };
  const scene = { xaxis: axis, yaxis: axis, zaxis: axis };
  const own = {
    font: { color: colour("--jp-content-font-color1") },
    margin,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    xaxis: { ...axis, automargin: true },
    yaxis: { ...axis, automargin: true },
    scene,
  };
  const template = layout.template ?? { layout: own };
  return {
    data,
    layout: { autosize: true, ...layout, template },
    config: { responsive: false, displaylogo: false, ...config },
    ...(frames !== undefined && { frames }),
  };
}

/**
 * Takes a figure away, and gives back its WebGL contexts: Plotly leaves them to the garbage collector, and a page that
 * has 16 of them loses the oldest, although it may be the one that is looked at.
 */
function clear(plotly: Plotly, node: HTMLElement): void {
  const canvases = [...node.querySelectorAll("canvas")];
  plotly.purge(node);
  for (const canvas of canvases) canvas.getContext("webgl")?.getExtension("WEBGL_lose_context")?.loseContext();
}

/** One figure in an output. */
class RenderedPlotly extends Widget implements IRenderMime.IRenderer {
  private drawn: { readonly plotly: Plotly; readonly figure: Figure } | undefined;
  private readonly theme = new MutationObserver(() => void this.draw());
  private readonly size = new ResizeObserver(() => this.refit());

  constructor() {
    super();
    this.addClass("lowbit-plotly");
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name"] });
    this.size.observe(this.node);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = model.data[mimeType] as Figure | undefined;
    if (figure === undefined || this.isDisposed) return;
    const plotly = await library(figure);
    if (this.isDisposed) return;
    // Two bundles do not know each other's traces.
    if (this.drawn !== undefined && this.drawn.plotly !== plotly) clear(this.drawn.plotly, this.node);
    this.drawn = { plotly, figure };
    await this.draw();
    if (model.data["image/png"] === undefined && !this.isDisposed) await this.addPicture(model, plotly);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.theme.disconnect();
    this.size.disconnect();
    if (this.drawn !== undefined) clear(this.drawn.plotly, this.node);
    super.dispose();
  }

  protected override onAfterShow(_message: Message): void {
    this.refit();
  }

  /** A saved notebook then shows the figure also where there is no Plotly. */
  private async addPicture(model: IRenderMime.IMimeModel, plotly: Plotly): Promise<void> {
    const { width, height } = this.node.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    // In Plotly's own colours, on white: who sees the picture may not have this page's theme.
    const { data = [], layout = {} } = this.drawn?.figure ?? {};
    const onWhite = { data, layout: { ...layout, template: layout.template ?? { layout: { margin } } } };
    const picture = await plotly.toImage(onWhite, { format: "png", width, height });
    if (!this.isDisposed) model.setData({ data: { ...model.data, "image/png": picture.split(",")[1] ?? "" } });
  }

  private async draw(): Promise<void> {
    if (this.drawn === undefined || this.isDisposed) return;
    await this.drawn.plotly.react(this.node, inTheme(this.drawn.figure));
  }

  private refit(): void {
    if (this.drawn === undefined || !this.node.isConnected || this.node.clientWidth === 0) return;
    if (this.drawn.figure.layout?.width === undefined) void this.drawn.plotly.Plots.resize(this.node);
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
