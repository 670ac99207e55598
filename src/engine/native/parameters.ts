import type { WeightStore } from "../../shared/graph/index.ts";
import { dataTypes } from "./attributes.ts";
import type { Binding } from "./binding.ts";

/** The parameters of models as TensorFlow tensors: read once, shared by all programs of a model. */
export class Parameters {
  private readonly models = new Map<WeightStore, Map<string, Promise<number>>>();

  constructor(private readonly binding: Binding) {}

  /** Tensor ids of `refs`, read one at a time where they are not there yet. */
  async upload(weights: WeightStore, refs: readonly string[]): Promise<number[]> {
    const model = this.models.get(weights) ?? new Map<string, Promise<number>>();
    this.models.set(weights, model);
    const ids: number[] = [];
    for (const ref of refs) {
      const tensor = model.get(ref) ?? this.create(weights, ref);
      model.set(ref, tensor);
      tensor.catch(() => model.delete(ref));
      ids.push(await tensor);
    }
    return ids;
  }
  private async create(weights: WeightStore, ref: string): Promise<number> {
    const { shape, dtype, data } = await weights.read(ref);
    return this.binding.createTensor(shape, dataTypes[dtype], data);
  }

  forget(weights: WeightStore): void {
    const model = this.models.get(weights);
    this.models.delete(weights);
    for (const tensor of model?.values() ?? [])
      void tensor.then(
        (id) => {
          this.binding.deleteTensor(id);
        },
        () => undefined,
      );
  }
  forgetAll(): void {
    for (const weights of [...this.models.keys()]) this.forget(weights);
  }
}
