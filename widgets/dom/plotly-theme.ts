/** A figure as Plotly is given it: copied, so that Plotly can write into it, and in the colours of the page. */
import { hasScene, type PlotFigure, type PlotValue } from "./plotly-library.js";

/** Space around the axes; Plotly's own leaves a third of a small figure empty. */
const margin = { t: 56, b: 56, l: 64, r: 32 };

/** A scene has its labels inside, and needs the place. */
const sceneMargin = { t: 16, b: 8, l: 8, r: 8 };
/** What a title takes. */
const titleHeight = 48;
/** From this height of a scene, in pixels, its labels fit beside a box of the usual size. */
const roomyScene = 400;

/** One scale of colours for all matrices, in which equal steps look equal. */
const scale = [{ autocolorscale: false, colorscale: "Viridis" }];
const shaded = { heatmap: scale, contour: scale, histogram2d: scale, histogram2dcontour: scale, surface: scale };

/** The colours that a page gives to its figures. */
interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly soft: string;
  readonly raised: string;
}

const lightColours: Colours = {
  text: "#212121",
  muted: "#5a6472",
  line: "#b8c0cc",
  soft: "#dde2e9",
  raised: "#f0f2f5",
};
const darkColours: Colours = {
  text: "#e8e8e8",
  muted: "#a8b0bb",
  line: "#5f6670",
  soft: "#3b4048",
  raised: "#2a2d32",
};

/**
 * Returns the figure with the colours that `el` inherits where it names none, as wide as its place. A zoom stays when
 * the figure is updated, unless the update names another range.
 */
export function inTheme(figure: PlotFigure, el: Element): object {
  const colours = coloursOf(el);
  const axis = { gridcolor: colours.soft, zerolinecolor: colours.line, linecolor: colours.line, automargin: true };
  const flat = { ...axis, gridcolor: colours.line };
  const own = {
    font: { color: colours.text },
    margin: marginOf(figure),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { bgcolor: colours.raised, bordercolor: colours.line, font: { color: colours.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colours.muted, activecolor: colours.text },
    xaxis: axis,
    yaxis: axis,
    scene: { xaxis: flat, yaxis: flat, zaxis: flat, camera: cameraOf(figure) },
  };
  return composed(figure, own);
}

function marginOf({ data = [], layout = {} }: PlotFigure): typeof margin {
  if (data.length === 0 || !data.every(hasScene)) return margin;
  return layout.title === undefined ? sceneMargin : { ...sceneMargin, t: titleHeight };
}

/**
 * A little further away than Plotly's own, and looking lower, so that neither a corner nor a label is cut off: labels are
 * as large in a small scene, so it is seen from further away still.
 */
function cameraOf(figure: PlotFigure): object {
  const { t, b } = marginOf(figure);
  const { height = 450 } = figure.layout ?? {};
  const room = Math.max(100, Number(height) - t - b);
  const away = 1 + Math.max(0, roomyScene - room) / 500;
  return { eye: { x: 1.45 * away, y: 1.45 * away, z: 1.1 * away }, center: { x: 0, y: 0, z: -0.12 } };
}

/** Where the scenes of a shown figure are seen from, by the names of the scenes. */
export function camerasOf(el: Element): Readonly<Record<string, PlotValue>> {
  const layout = (el as { readonly layout?: Readonly<Record<string, { readonly camera?: PlotValue }>> }).layout ?? {};
  const scenes = Object.keys(layout).filter((name) => /^scene\d*$/.test(name) && layout[name]?.camera !== undefined);
  return Object.fromEntries(scenes.map((name) => [name, structuredClone(layout[name]?.camera)]));
}

/** Returns the figure seen from these cameras where it names none itself. */
export function seenFrom(figure: PlotFigure, cameras: Readonly<Record<string, PlotValue>>): PlotFigure {
  const names = Object.keys(cameras);
  if (names.length === 0) return figure;
  const scene = (name: string): object => ({ camera: cameras[name], ...(figure.layout?.[name] as object | undefined) });
  return { ...figure, layout: { ...figure.layout, ...Object.fromEntries(names.map((name) => [name, scene(name)])) } };
}

/** Returns the figure in Plotly's own colours on white: who sees a picture may not have this page's theme. */
export function onWhite(figure: PlotFigure): object {
  return composed(figure, { margin, paper_bgcolor: "#ffffff" });
}

function composed({ data = [], layout = {}, config = {}, frames }: PlotFigure, own: object): object {
  const template = layout.template ?? { layout: own, data: shaded };
  return {
    data: data.map(copied),
    layout: copied({ autosize: true, uirevision: "lowbit", ...layout, template }, true),
    config: { responsive: false, displaylogo: false, ...config },
    ...(frames !== undefined && { frames: frames.map(copied) }),
  };
}

/** JupyterLab's colours where there are any; else those of a page that is light or dark. */
function coloursOf(el: Element): Colours {
  const style = getComputedStyle(el.isConnected ? el : document.body);
  const own = document.documentElement.dataset.theme === "dark" ? darkColours : lightColours;
  const named = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: named("--jp-content-font-color1", own.text),
    muted: named("--jp-ui-font-color2", own.muted),
    line: named("--jp-border-color1", own.line),
    soft: named("--jp-border-color2", own.soft),
    raised: named("--jp-layout-color2", own.raised),
  };
}

/** Copies records, and lists too when `lists` is set: Plotly writes what a person changes into what it is given. */
function copied(value: PlotValue, lists: unknown = false): PlotValue {
  if (Array.isArray(value)) return lists === true ? value.map((item) => copied(item, true)) : value;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item, lists)]));
}
