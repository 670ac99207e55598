import type { WeightStore } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import type { TensorData } from "../../base/tensor.ts";
import { dataTypes } from "./attributes.ts";
import type { Binding } from "./binding.ts";
import { release } from "./release.ts";
import { type Parameter, SMALL_PARAMETER } from "./translate.ts";

/** Bytes of parameters that lie around after they were uploaded. */
const MOST_COPIED = 64 * 2 ** 20;

/** What is held of one model. */
class Held {
  /** Small values by reference, to be written into graphs. */
  readonly values = new Map<string, TensorData>();
  /** TensorFlow tensors by what they are made of, to be fed. */
  readonly tensors = new Map<string, Promise<number>>();
}

/** The parameters of models: read once, shared by all programs of a model. */
export class Parameters {
  private readonly models = new Map<WeightStore, Held>();

  constructor(private readonly binding: Binding) {}

  /** A parameter's value; small ones are kept in JavaScript. */
  async value(weights: WeightStore, ref: string): Promise<TensorData> {
    const { values } = this.held(weights);
    const known = values.get(ref);
    if (known) return known;
    const value = await weights.read(ref);
    if (value.data.byteLength <= SMALL_PARAMETER) values.set(ref, value);
    return value;
  }
  /** Tensor ids, read one at a time where they are not there yet. They stay the property of this object. */
  async upload(weights: WeightStore, parameters: readonly Parameter[]): Promise<number[]> {
    const { tensors } = this.held(weights);
    const ids: number[] = [];
    let copied = 0;
    const create = async (value: () => Promise<TensorData>): Promise<number> => {
      const { shape, dtype, data } = await value();
      copied += data.byteLength;
      return this.binding.createTensor(shape, dataTypes[dtype], data);
    };
    for (const { key, value, factors } of parameters) {
      ids.push(
        await once(tensors, key, () => (factors ? this.product(factors, create) : create(value))),
      );
      if (copied < MOST_COPIED) continue;
      release();
      copied = 0;
    }
    return ids;
  }
  private async product(
    factors: readonly (() => Promise<TensorData>)[],
    create: (value: () => Promise<TensorData>) => Promise<number>,
  ): Promise<number> {
    const ids: number[] = [];
    try {
      for (const factor of factors) ids.push(await create(factor));
      const { TF_ATTR_TYPE: type } = this.binding;
      const attributes = [{ name: "T", type, value: dataTypes.float32 }];
      return at(this.binding.executeOp("Mul", attributes, ids, 1), 0).id;
    } finally {
      for (const id of ids) this.binding.deleteTensor(id);
    }
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
