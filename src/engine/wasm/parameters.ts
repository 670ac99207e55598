import type { NodeId, WeightStore } from "../../graph/index.ts";
import type { Plan } from "../plan.ts";
import type { Heap } from "./heap.ts";
import type { Tensor } from "./kernels.ts";

/** The parameters of models in the WebAssembly heap: read once, shared by all programs of a model. */
export class Parameters {
  private readonly models = new Map<WeightStore, Map<string, Promise<Tensor>>>();

  constructor(private readonly heap: Heap) {}

  /** The tensors of the plan's `weight` nodes; they stay the property of this object. */
  async upload({ nodes, weights }: Plan): Promise<ReadonlyMap<NodeId, Tensor>> {
    const model = this.models.get(weights) ?? new Map<string, Promise<Tensor>>();
    this.models.set(weights, model);
    const tensors = new Map<NodeId, Tensor>();
    for (const node of nodes) {
      if (node.op !== "weight") continue;
      const { ref } = node.attrs;
      const tensor = model.get(ref) ?? this.create(weights, ref);
      model.set(ref, tensor);
      tensor.catch(() => model.delete(ref));
      tensors.set(node.id, await tensor);
    }
    return tensors;
  }
  private async create(weights: WeightStore, ref: string): Promise<Tensor> {
    const { shape, dtype, data } = await weights.read(ref);
    return this.heap.backend.makeOutput([...shape], dtype, undefined, data);
  }

  forget(weights: WeightStore): void {
    const model = this.models.get(weights);
    this.models.delete(weights);
    for (const tensor of model?.values() ?? [])
      void tensor.then(
        ({ dataId }) => this.heap.backend.disposeData(dataId),
        () => undefined,
      );
  }
  forgetAll(): void {
    for (const weights of [...this.models.keys()]) this.forget(weights);
  }
}
