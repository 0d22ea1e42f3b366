// Writes the classes of Jupyter's core widgets from the machine-readable model list of @jupyter-widgets/schema:
// `node scripts/generate-controls.mjs` (or --check, which only compares). The output is committed.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { behaviours, className, examples, omitted, traitOverrides } from "./controls-table.mjs";

const require = createRequire(import.meta.url);
const folder = new URL("../widgets/lib/", import.meta.url);

/** Attributes that the base classes have. */
const shared = new Set(["_dom_classes", "layout", "tabbable", "tooltip"]);
const identity = /^_(model|view)_(module|module_version|name)$/;

/** TypeScript type and trait expression of one attribute. */
function attributeCode(model, attribute) {
  const override = traitOverrides[`${model}.${attribute.name}`];
  if (override) return override;
  const base = scalarCode(attribute);
  if (!attribute.allow_none) return base;
  const initial = attribute.default === null ? "" : `, ${JSON.stringify(attribute.default)}`;
  return { type: `${base.type} | null`, trait: `nullable(${base.trait}${initial})` };
}

function scalarCode({ name, type, enum: values, items, widget, default: initial, union_attributes: union }) {
  if (union) {
    const [first, second] = union.map((one) => scalarCode({ ...one, name, default: one.enum?.[0] ?? initial }));
    return { type: `${first.type} | ${second.type}`, trait: `either(${first.trait}, ${second.trait})` };
  }
  if (values) {
    const list = values.map((value) => JSON.stringify(value));
    const start = JSON.stringify(initial ?? values[0]);
    return { type: list.join(" | "), trait: `oneOf([${list.join(", ")}], ${start})` };
  }
  switch (type) {
    case "string":
      return { type: "string", trait: `string(${jsString(initial ?? "")})` };
    case "int":
      return { type: "number", trait: `int(${initial ?? 0})` };
    case "float":
      return { type: "number", trait: `float(${initial ?? 0})` };
    case "bool":
      return { type: "boolean", trait: `bool(${initial ?? false})` };
    case "bytes":
      return { type: "Uint8Array", trait: "bytes()" };
    case "Date":
      return { type: "Date", trait: "date()" };
    case "Datetime":
      return { type: "Date", trait: "datetime()" };
    case "Time":
      return { type: "TimeOfDay", trait: "time()" };
    case "reference":
      if (widget === "Widget") return { type: "Widget", trait: "anyWidget()" };
      return { type: widget, trait: `instanceOf(${JSON.stringify(widget)}, () => ${widget})` };
    case "array": {
      if (!items) break;
      const item = scalarCode({ ...items, name });
      return { type: `readonly ${item.type}[]`, trait: `list(${item.trait})` };
    }
  }
  throw new Error(`generate-controls: ${name} of type ${JSON.stringify(type)}, expected a known type`);
}

/** Zero-width and other invisible characters are written as escapes. */
function jsString(text) {
  return JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The code of one model: state, options, spec, class. */
function modelCode(entry) {
  const { model, view, attributes } = entry;
  const name = className(model.name);
  const behaviour = behaviours[name] ?? {};
  const isDom = attributes.some((attribute) => attribute.name === "layout");
  const own = attributes.filter((a) => !identity.test(a.name) && !(isDom && shared.has(a.name)));
  const [generic, argument] = behaviour.generic ? ["<Value = unknown>", "<Value>"] : ["", ""];
  const parent = behaviour.state ? ` extends ${behaviour.state}${argument}` : "";
  const spec = `${name.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase())}Spec`;
  const base = isDom ? (behaviour.base ?? "DOMWidget") : "Widget";
  const state = `${name}State${argument}`;
  return `
/** The values of ${article(name)}. */
export interface ${name}State${generic}${parent} {
${members(model.name, own, behaviour).join("\n")}
}

/** The options of ${article(name)}: any of its values. */
${optionsCode(name, own, isDom, generic, argument)}

const ${spec}: WidgetSpec<${name}State> = {
  name: ${JSON.stringify(name)},
  model: ${frontEndClass(model)},
  view: ${frontEndClass(view)},
  traits: {
${traits(model.name, own, behaviour).join("\n")}
  },
};

/** ${examples[name].text} @example ${examples[name].code} */
export class ${name}${generic} extends ${base}<${state}> {
${constructorCode(name, spec, base, state, argument)}
}
export interface ${name}${generic} extends ${state} {}
`;
}

/** The members of a state that its parent interface does not have. */
function members(model, own, { inherited = [] }) {
  return own
    .filter(({ name }) => !inherited.includes(name))
    .map((attribute) => member(attribute, attributeCode(model, attribute).type));
}

/** The traits of a spec; those that a behaviour brings come last. */
function traits(model, own, { traits: brought = {} }) {
  return [
    ...own.filter(({ name }) => brought[name] === undefined).map((a) => [a.name, attributeCode(model, a).trait]),
    ...Object.entries(brought),
  ].map(([name, code]) => `    ${name}: ${code},`);
}

function article(name) {
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} {@link ${name}}`;
}

function member({ name, help }, type) {
  const text = help && help !== "" ? `  /** ${help.replace(/\.?\s*$/, ".")} */\n` : "";
  return `${text}  ${name}: ${type};`;
}

function optionsCode(name, own, isDom, generic, argument) {
  const references = own.filter((a) => a.type === "reference");
  if (!isDom) return `export type ${name}Options = Partial<${name}State>;`;
  const omit = references.map((a) => JSON.stringify(a.name)).join(" | ");
  const partial = omit ? `Partial<Omit<${name}State${argument}, ${omit}>>` : `Partial<${name}State${argument}>`;
  const lines = references.map((a) => `  readonly ${a.name}?: ${a.widget} | ${a.widget}Options;`);
  return `export interface ${name}Options${generic} extends ${partial}, DOMWidgetOptions {${lines.length ? `\n${lines.join("\n")}\n` : ""}}`;
}

function constructorCode(name, spec, base, state, argument) {
  const cast = argument ? `${spec} as unknown as WidgetSpec<${state}>` : spec;
  const options = `${name}Options${argument}`;
  if (base === "Widget") return `  constructor(options: ${options} = {}) {\n    super(${spec}, options);\n  }`;
  if (["ContainerWidget", "PagesWidget", "TabsWidget"].includes(base)) {
    return `  constructor(children: readonly Widget[] | ${options} = {}, options: ${options} = {}) {
    super(${cast}, children as readonly Widget[] | OptionsOf<${state}>, options as OptionsOf<${state}>);
  }`;
  }
  return `  constructor(options: ${options} = {}) {\n    super(${cast}, options as OptionsOf<${state}>);\n  }`;
}

function frontEndClass({ module, version, name }) {
  return `{ module: ${JSON.stringify(module)}, version: ${JSON.stringify(version)}, name: ${JSON.stringify(name)} }`;
}

const header = (text) => `// Generated by scripts/generate-controls.mjs from @jupyter-widgets/schema; do not edit.
/** ${text} */
`;

/** The import lines that the code needs, out of all that it could need. */
function imports(code, available) {
  return available
    .map(([from, names]) => {
      const used = names.filter((name) => new RegExp(`(?<![\\w"])${name.replace("type ", "")}(?![\\w"])`).test(code));
      return used.length > 0 ? `import { ${used.join(", ")} } from "./${from}.js";\n` : "";
    })
    .join("");
}

/** What the generated code may import, by file. */
const traitImports = [
  "traits",
  ["bool", "bytes", "either", "float", "int", "json", "list", "nullable", "oneOf", "pair", "string"],
];
const available = [
  [
    "behaviours/bounded",
    ["type BoundedRangeState", "BoundedRangeWidget", "type BoundedState", "BoundedWidget", "LogBoundedWidget"],
  ],
  ["behaviours/container", ["type ContainerState", "ContainerWidget", "type PagesState", "PagesWidget", "TabsWidget"]],
  ["behaviours/events", ["ClickableWidget", "SubmittableWidget"]],
  ["behaviours/moments", ["MomentWidget"]],
  ["behaviours/output", ["type OutputsState", "OutputWidget"]],
  [
    "behaviours/selection",
    [
      "type MultipleSelectionState",
      "MultipleSelectionWidget",
      "NonemptySelectionWidget",
      "RangeSelectionWidget",
      "type SelectionState",
      "SelectionWidget",
      "multipleSelectionTraits",
      "singleSelectionTraits",
    ],
  ],
  ["behaviours/tags", ["TagsWidget"]],
  ["behaviours/upload", ["type UploadedFile", "uploadedFiles"]],
  ["dom-widget", ["DOMWidget", "type DOMWidgetOptions", "type OptionsOf"]],
  ["reference", ["anyWidget", "instanceOf"]],
  ["spec", ["type FrontEndClass", "type WidgetSpec"]],
  ["times", ["date", "datetime", "naiveDatetime", "time", "type TimeOfDay"]],
  traitImports,
  ["widget", ["Widget"]],
];

/** The table by which a front end's own widgets are made. */
function factories(models) {
  const lines = models.map(({ model }) => {
    const name = className(model.name);
    const required = behaviours[name]?.nonempty ? '{ options: [""] }' : "";
    return `  [${frontEndClass(model)}, () => new ${name}(${required})],`;
  });
  return `
/** Every core widget that a front end may create by itself: its model, and how to make one. */
export const controls: readonly (readonly [FrontEndClass, () => Widget])[] = [
${lines.join("\n")}
];
`;
}

/** Returns the generated files by name. */
function generate() {
  const models = require("@jupyter-widgets/schema/jupyterwidgetmodels.latest.json");
  const layout = modelCode(models.find(({ model }) => model.name === "LayoutModel"));
  const rest = models.filter(({ model }) => !omitted.has(model.name) && model.name !== "LayoutModel");
  const code = rest.map(modelCode).join("") + factories(rest);
  const layoutImports = imports(layout, [["spec", ["type WidgetSpec"]], traitImports, ["widget", ["Widget"]]]);
  const json = 'import type { JsonObject } from "../../src/display.js";\n';
  const title = "Jupyter's core widgets. Names, options and defaults are those of ipywidgets 8.";
  return {
    "layout.generated.ts": `${header("Size and position of a widget.")}${layoutImports}${layout}`,
    "controls.generated.ts": `${header(title)}${json}${imports(code, available)}${code}`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const [name, text] of Object.entries(generate())) {
    const file = new URL(name, folder);
    if (check && readFileSync(file, "utf8") !== text) {
      console.error(`${name} is not what scripts/generate-controls.mjs writes; run it.`);
      process.exitCode = 1;
    }
    if (!check) writeFileSync(file, text);
  }
}
