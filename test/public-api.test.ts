// What can be imported, by name. An export that is not listed here is an accident; a missing one breaks somebody.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const source = new URL("../src/", import.meta.url);
const names = async (path: string): Promise<string[]> =>
  Object.keys((await import(new URL(path, source).href)) as object).sort();

/** The folders of src that are rooms: `lowbit/<room>`. */
const rooms = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/index.ts`, source)))
  .map((entry) => entry.name)
  .sort();

const roomExports: Record<string, string[]> = {
  dtypes: [
    "bcomplex32",
    "bfloat16",
    "complex32",
    "decode",
    "encode",
    "finfo",
    "float16",
    "float4_e2m1fn",
    "float6_e2m3fn",
    "float6_e3m2fn",
    "float8_e3m4",
    "float8_e4m3",
    "float8_e4m3b11fnuz",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "floatFormat",
    "iinfo",
    "int1",
    "int16",
    "int2",
    "int4",
    "int8",
    "mxDecode",
    "mxEncode",
    "nvfp4Decode",
    "nvfp4Encode",
    "packCodes",
    "round",
    "uint1",
    "uint16",
    "uint2",
    "uint4",
    "uint8",
    "unpackCodes",
  ],
  gradients: [
    "bestExponentBits",
    "cosineSimilarity",
    "expectedCosine",
    "expectedSparsity",
    "floatError",
    "ksDistance",
    "laplaceFit",
    "logMagnitudeCdf",
    "logMagnitudeDensity",
    "logMagnitudeQuantile",
    "lognormalFit",
    "magnitudeCdf",
    "magnitudeDensity",
    "normalFit",
    "qqPoints",
    "sparsityAt",
    "sparsityOf",
    "stochasticPrune",
    "tabulatedExponentBits",
    "thresholdFor",
  ],
  math: [
    "binomial",
    "erf",
    "erfc",
    "erfcx",
    "exp",
    "factorial",
    "inverseErf",
    "log",
    "log10",
    "normalCdf",
    "normalQuantile",
  ],
  random: ["fromRecipe", "integers", "key", "normal", "permutation", "recipeOf", "split", "threefry2x32", "uniform"],
  sparsity: [
    "countTransposableMasks",
    "isNm",
    "keepFromSparsity",
    "keptMagnitude",
    "keptShare",
    "maskDiversity",
    "maskSvg",
    "nmMask",
    "solveTransposableMask",
    "transposableFlow",
    "transposableMask",
    "unstructuredMask",
    "zerosProbability",
  ],
  stats: ["ksDistance", "moments", "quantiles"],
  tensor: [
    "arange",
    "at",
    "dtypes",
    "equal",
    "format",
    "from",
    "full",
    "isTensor",
    "map",
    "max",
    "mean",
    "min",
    "multiply",
    "reshape",
    "sizeOf",
    "slice",
    "stridesOf",
    "sum",
    "transpose",
    "zeros",
    "zip",
  ],
};

const paperExports: Record<string, string[]> = {
  "hubara2021-transposable-mask": [
    "approximationRatios",
    "diversityTable",
    "largestDualityGap",
    "paper",
    "retainedShares",
    "sparseProducts",
    "transposability",
  ],
};

test("lowbit", async () => {
  expect(await names("index.ts")).toEqual([
    "barChart",
    "check",
    "claims",
    "clearOutput",
    "display",
    "dtypes",
    "errors",
    "gradients",
    "html",
    "image",
    "math",
    "md",
    "plotly",
    "random",
    "sparsity",
    "stats",
    "svg",
    "tensor",
    "tex",
    "vega",
    "vegaLite",
  ]);
});

test("the claims and errors of lowbit", async () => {
  expect(await names("claims.ts")).toEqual(["cardMimeType", "check", "definePaper", "evaluateClaim", "showCard"]);
  expect(await names("errors.ts")).toEqual([
    "DtypeError",
    "FileFormatError",
    "LowbitError",
    "ShapeError",
    "ValueError",
  ]);
});

describe("rooms", () => {
  test("are these", () => expect(rooms).toEqual(Object.keys(roomExports).sort()));
  test.each(Object.keys(roomExports))("lowbit/%s", async (room) => {
    expect(await names(`${room}/index.ts`)).toEqual(roomExports[room]);
  });
});

describe("papers", () => {
  const papers = readdirSync(new URL("papers/", source)).filter((name) => name.endsWith(".ts"));
  test("are these", () =>
    expect(papers.map((name) => name.replace(".ts", "")).sort()).toEqual(Object.keys(paperExports).sort()));
  test.each(Object.keys(paperExports))("lowbit/papers/%s", async (slug) => {
    expect(await names(`papers/${slug}.ts`)).toEqual(paperExports[slug]);
  });
});

test("lowbit/widgets: the explorers, the base classes, and the core controls of Jupyter", async () => {
  const all = await names(fileURLToPath(new URL("../widgets/index.ts", import.meta.url)));
  expect(all).toMatchInlineSnapshot(`
    [
      "Accordion",
      "Audio",
      "BoundedFloatText",
      "BoundedIntText",
      "Box",
      "Button",
      "ButtonStyle",
      "Checkbox",
      "CheckboxStyle",
      "ColorPicker",
      "ColorsInput",
      "Combobox",
      "Controller",
      "ControllerAxis",
      "ControllerButton",
      "DOMWidget",
      "DatePicker",
      "DatetimePicker",
      "DescriptionStyle",
      "Dropdown",
      "Expression",
      "Figure",
      "FileUpload",
      "Fixed",
      "FloatLogSlider",
      "FloatProgress",
      "FloatRangeSlider",
      "FloatSlider",
      "FloatText",
      "FloatsInput",
      "FormulaError",
      "GridBox",
      "HBox",
      "HTML",
      "HTMLMath",
      "HTMLMathStyle",
      "HTMLStyle",
      "Image",
      "IntProgress",
      "IntRangeSlider",
      "IntSlider",
      "IntText",
      "Interactive",
      "IntsInput",
      "Label",
      "LabelStyle",
      "Layout",
      "LognormalFit",
      "LossLandscape",
      "MaskViewer",
      "NaiveDatetimePicker",
      "Output",
      "Password",
      "Play",
      "ProgressStyle",
      "RadioButtons",
      "Select",
      "SelectMultiple",
      "SelectionRangeSlider",
      "SelectionSlider",
      "SliderStyle",
      "Stack",
      "Tab",
      "TagsInput",
      "Text",
      "TextStyle",
      "Textarea",
      "TimePicker",
      "ToggleButton",
      "ToggleButtonStyle",
      "ToggleButtons",
      "ToggleButtonsStyle",
      "VBox",
      "Valid",
      "Video",
      "Widget",
      "anyWidget",
      "anything",
      "batch",
      "closeAll",
      "controls",
      "countOpen",
      "defineWidget",
      "derived",
      "dlink",
      "effect",
      "figure",
      "findWidget",
      "fixed",
      "instanceOf",
      "interact",
      "interactManual",
      "interactive",
      "interactiveOutput",
      "jsdlink",
      "jslink",
      "link",
      "progress",
      "registerWidget",
      "traits",
    ]
  `);
});
