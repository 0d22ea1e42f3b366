// What the schema of @jupyter-widgets/schema does not say about the core widgets: their names in ipywidgets, what
// they do beyond holding values, the types of loosely typed attributes, and one example each.

/** Models that get no class: abstract ones, and links, which connect widgets rather than being shown. */
export const omitted = new Set(["DOMWidgetModel", "LinkModel", "DirectionalLinkModel"]);

const renamed = {
  DatetimeModel: "DatetimePicker",
  NaiveDatetimeModel: "NaiveDatetimePicker",
  TimeModel: "TimePicker",
};

/** The name that ipywidgets gives the class of a model. */
export function className(model) {
  return renamed[model] ?? model.replace(/Model$/, "");
}

const bounded = { base: "BoundedWidget", state: "BoundedState", inherited: ["value", "min", "max"] };
const range = { base: "BoundedRangeWidget", state: "BoundedRangeState", inherited: ["value", "min", "max"] };
const container = { base: "ContainerWidget", state: "ContainerState", inherited: ["children"] };
const pages = { base: "PagesWidget", state: "PagesState", inherited: ["children", "selected_index", "titles"] };
const moment = { base: "MomentWidget" };
const tags = { base: "TagsWidget" };
const submittable = { base: "SubmittableWidget" };

function selection(base, kind, nonempty = false) {
  const names = ["options", "_options_labels", "value", "label", "index"];
  return {
    base,
    nonempty,
    generic: true,
    state: kind === "single" ? "SelectionState" : "MultipleSelectionState",
    inherited: ["_options_labels", "index"],
    traits: Object.fromEntries(names.map((name) => [name, `${kind}SelectionTraits.${name}`])),
  };
}

/** What a class does beyond holding values: its base class and the interface that brings some of its state. */
export const behaviours = {
  Accordion: pages,
  BoundedFloatText: bounded,
  BoundedIntText: bounded,
  Box: container,
  Button: { base: "ClickableWidget" },
  ColorsInput: tags,
  Combobox: submittable,
  DatePicker: moment,
  DatetimePicker: moment,
  Dropdown: selection("SelectionWidget", "single"),
  FloatLogSlider: { ...bounded, base: "LogBoundedWidget" },
  FloatProgress: bounded,
  FloatRangeSlider: range,
  FloatSlider: bounded,
  FloatsInput: tags,
  GridBox: container,
  HBox: container,
  IntProgress: bounded,
  IntRangeSlider: range,
  IntSlider: bounded,
  IntsInput: tags,
  NaiveDatetimePicker: moment,
  Output: { base: "OutputWidget", state: "OutputsState", inherited: ["outputs"] },
  Password: submittable,
  Play: bounded,
  RadioButtons: selection("SelectionWidget", "single"),
  Select: selection("SelectionWidget", "single"),
  SelectMultiple: selection("MultipleSelectionWidget", "multiple"),
  SelectionRangeSlider: selection("RangeSelectionWidget", "multiple", true),
  SelectionSlider: selection("NonemptySelectionWidget", "single", true),
  Stack: pages,
  Tab: { ...pages, base: "TabsWidget" },
  TagsInput: tags,
  Text: submittable,
  TimePicker: moment,
  ToggleButtons: selection("SelectionWidget", "single"),
  VBox: container,
};

const strings = { type: "readonly string[]", trait: 'list(string(""))' };
const numbers = (kind) => ({ type: "readonly number[]", trait: `list(${kind}(0))` });
const ends = (kind) => ({ type: "readonly [number, number]", trait: `pair(${kind}(0), [0, 1])` });
const naive = { type: "Date | null", trait: "nullable(naiveDatetime())" };

/** Attributes whose type the schema leaves open ("array", "object") or names by a Python class. */
export const traitOverrides = {
  "ColorsInputModel.allowed_tags": strings,
  "ColorsInputModel.value": strings,
  "ControllerModel.axes": {
    type: "readonly ControllerAxis[]",
    trait: 'list(instanceOf("ControllerAxis", () => ControllerAxis))',
  },
  "ControllerModel.buttons": {
    type: "readonly ControllerButton[]",
    trait: 'list(instanceOf("ControllerButton", () => ControllerButton))',
  },
  "FileUploadModel.description": { type: "string", trait: 'string("Upload")' },
  "FileUploadModel.value": { type: "readonly UploadedFile[]", trait: "uploadedFiles()" },
  "FloatRangeSliderModel.value": ends("float"),
  "FloatsInputModel.allowed_tags": numbers("float"),
  "FloatsInputModel.value": numbers("float"),
  "IntRangeSliderModel.value": ends("int"),
  "IntsInputModel.allowed_tags": numbers("int"),
  "IntsInputModel.value": numbers("int"),
  "NaiveDatetimeModel.max": naive,
  "NaiveDatetimeModel.min": naive,
  "NaiveDatetimeModel.value": naive,
  "OutputModel.outputs": { type: "readonly JsonObject[]", trait: "json<readonly JsonObject[]>([])" },
  "TagsInputModel.allowed_tags": strings,
  "TagsInputModel.value": strings,
};

/** What each class is, in a sentence, and how it is made. */
export const examples = {
  Accordion: {
    text: "Pages one above the other, of which one is open.",
    code: 'new Accordion([a, b], { titles: ["A", "B"] })',
  },
  Audio: { text: "Plays sound from bytes.", code: 'new Audio({ value: bytes, format: "mp3", autoplay: false })' },
  BoundedFloatText: {
    text: "A field for a number between two bounds.",
    code: "new BoundedFloatText({ value: 0.5, max: 1, step: 0.1 })",
  },
  BoundedIntText: {
    text: "A field for a whole number between two bounds.",
    code: "new BoundedIntText({ value: 4, min: 1, max: 8 })",
  },
  Box: { text: "Widgets in a flexible box.", code: "new Box([a, b])" },
  Button: { text: "A button.", code: 'const go = new Button({ description: "Go" }); go.onClick(() => train())' },
  ButtonStyle: { text: "Colours and fonts of a button.", code: 'new Button({ style: { button_color: "teal" } })' },
  Checkbox: { text: "A box to tick.", code: 'new Checkbox({ value: true, description: "transposable" })' },
  CheckboxStyle: { text: "Colours of a checkbox.", code: 'new Checkbox({ style: { description_width: "initial" } })' },
  ColorPicker: { text: "Chooses a colour.", code: 'new ColorPicker({ value: "#3366cc" })' },
  ColorsInput: { text: "A list of colours.", code: 'new ColorsInput({ value: ["red", "#00ff00"] })' },
  Combobox: { text: "A text field with suggestions.", code: 'new Combobox({ options: ["int4", "int8"] })' },
  Controller: {
    text: "A game controller; it appears when one of its buttons is pressed.",
    code: "new Controller({ index: 0 })",
  },
  ControllerAxis: { text: "An axis of a game controller, made by the front end.", code: "controller.axes[0].value" },
  ControllerButton: {
    text: "A button of a game controller, made by the front end.",
    code: "controller.buttons[0].pressed",
  },
  DatePicker: { text: "Chooses a day.", code: 'new DatePicker({ value: new Date("2021-02-16") })' },
  DatetimePicker: {
    text: "Chooses a day and a time, with a time zone.",
    code: 'new DatetimePicker({ value: new Date("2021-02-16T12:00Z") })',
  },
  DescriptionStyle: {
    text: "Width of the description beside a control.",
    code: 'new IntText({ style: { description_width: "8em" } })',
  },
  Dropdown: {
    text: "Chooses one of several options from a list that opens.",
    code: 'new Dropdown({ options: ["exact", "greedy-keep"] }).value // "exact"',
  },
  FileUpload: {
    text: "Receives files from the user.",
    code: 'new FileUpload({ accept: ".npy" }).value[0]?.content // Uint8Array',
  },
  FloatLogSlider: {
    text: "A slider for a number on a logarithmic scale; the bounds are exponents.",
    code: "new FloatLogSlider({ value: 1e-3, min: -6, max: 0 })",
  },
  FloatProgress: { text: "A progress bar.", code: "new FloatProgress({ value: 0.3, max: 1 })" },
  FloatRangeSlider: {
    text: "A slider for a range of numbers.",
    code: "new FloatRangeSlider({ value: [0.2, 0.8], max: 1 })",
  },
  FloatSlider: {
    text: "A slider for a number.",
    code: 'new FloatSlider({ value: 0.5, max: 1, step: 0.01, description: "density" })',
  },
  FloatText: { text: "A field for a number.", code: "new FloatText({ value: 0.5 })" },
  FloatsInput: { text: "A list of numbers.", code: "new FloatsInput({ value: [0.5, 1.5] })" },
  GridBox: {
    text: "Widgets in a grid.",
    code: 'new GridBox([a, b, c], { layout: { grid_template_columns: "1fr 1fr" } })',
  },
  HBox: { text: "Widgets side by side.", code: "new HBox([a, b])" },
  HTML: { text: "Shows HTML.", code: 'new HTML({ value: "<b>bold</b>" })' },
  HTMLMath: { text: "Shows HTML with LaTeX between dollar signs.", code: 'new HTMLMath({ value: "$x^2$" })' },
  HTMLMathStyle: {
    text: "Colours and font size of an HTMLMath.",
    code: 'new HTMLMath({ style: { font_size: "2em" } })',
  },
  HTMLStyle: { text: "Colours and font size of an HTML.", code: 'new HTML({ style: { text_color: "gray" } })' },
  Image: { text: "Shows a picture from bytes.", code: 'new Image({ value: png, format: "png", width: "320" })' },
  IntProgress: { text: "A progress bar that counts in whole steps.", code: "new IntProgress({ value: 3, max: 10 })" },
  IntRangeSlider: {
    text: "A slider for a range of whole numbers.",
    code: "new IntRangeSlider({ value: [2, 8], max: 16 })",
  },
  IntSlider: {
    text: "A slider for a whole number.",
    code: 'new IntSlider({ value: 4, min: 1, max: 8, description: "bits" })',
  },
  IntText: { text: "A field for a whole number.", code: "new IntText({ value: 4 })" },
  IntsInput: { text: "A list of whole numbers.", code: "new IntsInput({ value: [2, 4, 8] })" },
  Label: { text: "Shows a text.", code: 'new Label({ value: "kept magnitude" })' },
  LabelStyle: { text: "Colours and fonts of a label.", code: 'new Label({ style: { font_weight: "bold" } })' },
  Layout: { text: "Size and position of a widget, as CSS.", code: 'new Layout({ width: "50%" })' },
  NaiveDatetimePicker: {
    text: "Chooses a day and a time without a time zone.",
    code: "new NaiveDatetimePicker({ value: new Date(2021, 1, 16, 12) })",
  },
  Output: {
    text: "Shows outputs that are appended to it.",
    code: 'const log = new Output(); log.appendStdout("step 1\\n")',
  },
  Password: { text: "A text field that hides what is typed.", code: 'new Password({ description: "token" })' },
  Play: {
    text: "Counts up by itself when started: the motor of an animation.",
    code: "new Play({ max: 100, interval: 50 })",
  },
  ProgressStyle: { text: "Colour of a progress bar.", code: 'new IntProgress({ style: { bar_color: "teal" } })' },
  RadioButtons: {
    text: "Chooses one of several options, all of them visible.",
    code: 'new RadioButtons({ options: ["2:4", "4:8"] })',
  },
  Select: {
    text: "Chooses one of several options from a list.",
    code: 'new Select({ options: [["two of four", 2], ["one of four", 1]] }).value // 2',
  },
  SelectMultiple: {
    text: "Chooses any number of options from a list.",
    code: 'new SelectMultiple({ options: ["a", "b"], value: ["b"] })',
  },
  SelectionRangeSlider: {
    text: "Chooses a range of options with a slider.",
    code: "new SelectionRangeSlider({ options: [1, 2, 4, 8], value: [2, 8] })",
  },
  SelectionSlider: {
    text: "Chooses one of several options with a slider.",
    code: "new SelectionSlider({ options: [1, 2, 4, 8], value: 4 })",
  },
  SliderStyle: { text: "Colour of a slider's handle.", code: 'new IntSlider({ style: { handle_color: "teal" } })' },
  Stack: { text: "Several widgets of which one is shown.", code: "new Stack([a, b], { selected_index: 0 })" },
  Tab: { text: "Pages behind tabs.", code: 'new Tab([a, b], { titles: ["weights", "mask"] })' },
  TagsInput: { text: "A list of texts.", code: 'new TagsInput({ value: ["conv1", "fc"] })' },
  Text: { text: "A field for one line of text.", code: 'new Text({ value: "2:4" })' },
  TextStyle: { text: "Colours and font size of a text field.", code: 'new Text({ style: { font_size: "1.2em" } })' },
  Textarea: { text: "A field for several lines of text.", code: "new Textarea({ rows: 5 })" },
  TimePicker: {
    text: "Chooses a time of day.",
    code: "new TimePicker({ value: { hours: 9, minutes: 30, seconds: 0, milliseconds: 0 } })",
  },
  ToggleButton: { text: "A button that stays pressed.", code: 'new ToggleButton({ description: "transpose" })' },
  ToggleButtonStyle: {
    text: "Fonts of a toggle button.",
    code: 'new ToggleButton({ style: { font_weight: "bold" } })',
  },
  ToggleButtons: {
    text: "Chooses one of several options with buttons.",
    code: 'new ToggleButtons({ options: ["row", "transposable"] })',
  },
  ToggleButtonsStyle: {
    text: "Width and font of toggle buttons.",
    code: 'new ToggleButtons({ style: { button_width: "8em" } })',
  },
  VBox: { text: "Widgets one above the other.", code: "new VBox([slider, button])" },
  Valid: { text: "A tick or a cross.", code: 'new Valid({ value: true, description: "row direction" })' },
  Video: { text: "Plays a film from bytes.", code: 'new Video({ value: bytes, format: "mp4" })' },
};
