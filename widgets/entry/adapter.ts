/** From a widget's spec and view function to the classes that Jupyter's front ends load. */
import type * as Base from "@jupyter-widgets/base";
import { element } from "../dom/elements.js";
import type { Render, ViewModel } from "../dom/view-model.js";
import { isBinary, isRecord } from "../lib/equal.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";

/** The module `@jupyter-widgets/base` as a front end has it; each front end brings its own. */
export type BaseModule = typeof Base;

/** Binary parts above this are sent but not saved with the notebook. */
export const savedBytes: number = 2 ** 20;

/** Where a saved state says which of its values were too large to be saved. */
const unsavedKey = "_unsaved";

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
      const state = super.get_state(dropDefaults);
      const large = traits.filter(([name, trait]) => bytesIn(encode(trait, state[name])) > savedBytes);
      for (const [name] of large) delete state[name];
      return large.length === 0 ? state : { ...state, [unsavedKey]: large.map(([name]) => name) };
    }
  };
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
    serialize: (value: unknown) => encode(trait, value),
    deserialize: (wire: unknown) => {
      const value = trait.decode ? trait.decode(wire) : wire;
      const accepted = value === undefined ? undefined : trait.accept(value);
      if (accepted === undefined) throw new TypeError(`widget state: expected ${trait.expects}`);
      return accepted;
    },
  };
}

function encode(trait: Trait<unknown>, value: unknown): unknown {
  return trait.encode && value !== undefined ? trait.encode(value) : value;
}

function bytesIn(value: unknown): number {
  if (isBinary(value)) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + bytesIn(item), 0);
  return isRecord(value) ? Object.values(value).reduce((sum: number, item) => sum + bytesIn(item), 0) : 0;
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
