/** From a widget's spec and view function to the classes that Jupyter's front ends load. */
import type * as Base from "@jupyter-widgets/base";
import { element } from "../dom/elements.js";
import { drawRecipes } from "../dom/recipes.js";
import type { Render, ViewModel } from "../dom/view-model.js";
import { savedForm, unsavedKey } from "../lib/saved.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";

/** The module `@jupyter-widgets/base` as a front end has it; each front end brings its own. */
export type BaseModule = typeof Base;

/**
 * Returns the model and the view class of a widget under their names, for `registry.registerWidget`.
 * @example { ...adapt(base, maskSpec, renderMask) } // { MaskModel, MaskView }
 */
export function adapt<State extends object>(
  base: BaseModule,
  spec: WidgetSpec<State>,
  render: Render<State> | undefined,
): Record<string, unknown> {
  const classes: Record<string, unknown> = { [spec.model.name]: modelClass(base, spec) };
  if (spec.view.name !== null && render !== undefined) classes[spec.view.name] = viewClass(base, render);
  return classes;
}

function modelClass<State extends object>(base: BaseModule, spec: WidgetSpec<State>): unknown {
  const traits = Object.entries<Trait<unknown>>(spec.traits);
  return class extends base.DOMWidgetModel {
    static override serializers: Base.ISerializers = {
      ...base.DOMWidgetModel.serializers,
      ...Object.fromEntries(traits.map(([name, trait]) => [name, serializerOf(trait)])),
    };

    override defaults(): ReturnType<Base.DOMWidgetModel["defaults"]> {
      return {
        ...super.defaults(),
        _model_module: spec.model.module,
        _model_module_version: spec.model.version,
        _model_name: spec.model.name,
        _view_module: spec.view.module,
        _view_module_version: spec.view.version,
        _view_name: spec.view.name,
        ...Object.fromEntries(traits.map(([name, trait]) => [name, trait.initial()])),
      };
    }

    /** Called when the notebook is saved: leaves out what is too large to be saved. */
    override get_state(dropDefaults?: boolean): ReturnType<Base.DOMWidgetModel["get_state"]> {
      const state: Record<string, unknown> = super.get_state(dropDefaults);
      const unsaved: string[] = [];
      for (const [name, trait] of traits) {
        if (!(name in state)) continue;
        const saved = savedForm(encode(trait, state[name], this.attributes));
        if (saved === undefined) unsaved.push(name);
        state[name] = new Encoded(saved);
        if (saved === undefined) delete state[name];
      }
      return { ...state, ...(unsaved.length > 0 && { [unsavedKey]: unsaved }) } as ReturnType<
        Base.DOMWidgetModel["get_state"]
      >;
    }
  };
}

/** A value that is encoded already, so that saving does not encode it again. */
class Encoded {
  readonly wire: unknown;

  constructor(wire: unknown) {
    this.wire = wire;
  }
}

function viewClass<State extends object>(base: BaseModule, render: Render<State>): unknown {
  return class extends base.DOMWidgetView {
    #stop: (() => void) | undefined;

    override render(): void {
      super.render();
      this.listenTo(this.model, `change:${unsavedKey}`, this.#draw);
      this.#draw();
    }

    override remove(): unknown {
      this.#stop?.();
      this.#stop = undefined;
      return super.remove();
    }

    #draw(): void {
      this.#stop?.();
      const missing: unknown = this.model.get(unsavedKey);
      const model = this.model as unknown as ViewModel<State>;
      this.#stop = isMissing(this.model, missing) ? showMissing(this.el, missing) : render({ model, el: this.el });
    }
  };
}

function serializerOf(trait: Trait<unknown>): Base.ISerializers[string] {
  return {
    serialize: (value: unknown, widget?: Base.WidgetModel) =>
      value instanceof Encoded ? value.wire : encode(trait, value, widget?.attributes),
    // The front end waits for promises.
    deserialize: (wire: unknown) => {
      const drawn = drawRecipes(wire);
      return drawn === undefined ? decode(trait, wire) : drawn.then((whole) => decode(trait, whole));
    },
  };
}

function encode(trait: Trait<unknown>, value: unknown, state: Readonly<Record<string, unknown>> = {}): unknown {
  return trait.encode && value !== undefined ? trait.encode(value, state) : value;
}

function decode(trait: Trait<unknown>, wire: unknown): unknown {
  const value = trait.decode ? trait.decode(wire) : wire;
  const accepted = value === undefined ? undefined : trait.accept(value);
  if (accepted === undefined) throw new TypeError(`widget state: expected ${trait.expects}`);
  return accepted;
}

/** The values are missing until the kernel, which has them, sends them. */
function isMissing(model: Base.WidgetModel, missing: unknown): missing is string[] {
  return Array.isArray(missing) && missing.length > 0 && !model.comm_live;
}

function showMissing(el: HTMLElement, missing: readonly string[]): () => void {
  const text = `The ${missing.join(" and ")} of this widget are too large to be saved with the notebook. Run the cell again.`;
  const note = element("p", { role: "note" }, text);
  el.append(note);
  return () => note.remove();
}
