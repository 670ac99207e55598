import type { WeightStore } from "../../shared/graph/index.ts";
import type { TensorData } from "../../shared/tensor.ts";
import { dataTypes } from "./attributes.ts";
import type { Binding } from "./binding.ts";

/** What is held of one model, by reference. */
class Held {
  /** Small values, to be written into graphs. */
  readonly values = new Map<string, Promise<TensorData>>();
  /** TensorFlow tensors, to be fed. */
  readonly tensors = new Map<string, Promise<number>>();
}

/** The parameters of models: read once, shared by all programs of a model. */
export class Parameters {
  private readonly models = new Map<WeightStore, Held>();

  constructor(private readonly binding: Binding) {}

  /** A parameter's value, kept in JavaScript; for small ones. */
  value(weights: WeightStore, ref: string): Promise<TensorData> {
    return once(this.held(weights).values, ref, () => weights.read(ref));
  }
  /** Tensor ids of `refs`, read one at a time where they are not there yet. They stay the property of this object. */
  async upload(weights: WeightStore, refs: readonly string[]): Promise<number[]> {
    const { tensors } = this.held(weights);
    const ids: number[] = [];
    for (const ref of refs)
      ids.push(
        await once(tensors, ref, async () => {
          const { shape, dtype, data } = await weights.read(ref);
          return this.binding.createTensor(shape, dataTypes[dtype], data);
        }),
      );
    return ids;
  }
  /** Tensors of all models. */
  get count(): number {
    return [...this.models.values()].reduce((sum, { tensors }) => sum + tensors.size, 0);
  }
  forget(weights: WeightStore): void {
    const tensors = this.models.get(weights)?.tensors.values() ?? [];
    this.models.delete(weights);
    for (const tensor of tensors)
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

  private held(weights: WeightStore): Held {
    const held = this.models.get(weights) ?? new Held();
    this.models.set(weights, held);
    return held;
  }
}

/** What `make` gave for `key`; a failure is forgotten, so that the next caller tries again. */
function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
