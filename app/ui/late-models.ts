import type { WidgetModel } from "@jupyter-widgets/base";
import { LabWidgetManager } from "@jupyter-widgets/jupyterlab-manager";

/**
 * Finds widgets that come in the moment a view gives up. The manager looks for a model every 100 ms for 2 s and not once
 * more at the end: in a page that is busy for longer than that, as one is that restores several notebooks, the last look
 * is before the kernel's answer and the giving up after it. The view then says "model not found" though it is there.
 */
export function findLateModels(): void {
  const { prototype } = LabWidgetManager;
  const { get_model: getModel } = prototype;
  prototype.get_model = async function (this: LabWidgetManager, id: string): Promise<WidgetModel> {
    try {
      return await getModel.call(this, id);
    } catch (error) {
      if (this.has_model(id)) return getModel.call(this, id);
      throw error;
    }
  };
}
