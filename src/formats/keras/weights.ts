import { inputError } from "../../base/errors.ts";
import type { WeightInfo } from "../../graph/index.ts";
import type { TensorData } from "../../base/tensor.ts";
import { Impossible, type Parameter } from "../lower/index.ts";
import { declaredWeights } from "./layers/index.ts";
import type { KerasLayer } from "./model.ts";
import type { KerasStore } from "./store.ts";
import { isTrainable, matched, shortName, type StoredWeight } from "./stored.ts";

/** Settings by which a layer may have a weight less: of such layers all are known, also where a file only counts them. */
const OPTIONAL = ["use_bias", "bias_axes", "use_scale", "scale", "center"];
/** What layers have that are computed here; others have weights for training alone. */
const COMPUTED_WITH =
  /^(kernel|bias|gamma|beta|moving_mean|moving_variance|depthwise_kernel|pointwise_kernel|embeddings|alpha)$/;

/** The stored weights of one layer under the names that the layer gives them. */
export class LayerWeights {
  private readonly byName: ReadonlyMap<string, StoredWeight>;

  constructor(
    private readonly layer: KerasLayer,
    private readonly stored: readonly StoredWeight[],
    private readonly store: KerasStore,
  ) {
    const wanted = declaredWeights(layer);
    this.byName = wanted ? matched(stored, wanted) : this.named();
  }

  /** Throws `Impossible` where there is what the layer is told not to have: of weights that are only counted, all others would be mistaken. */
  refuseSpare(): void {
    const wanted = declaredWeights(this.layer);
    const used = new Set(this.byName.values());
    const isCounted = OPTIONAL.some((key) => this.layer.config.get(key) !== undefined);
    const isSpare = (weight: StoredWeight): boolean => {
      const name = shortName(weight);
      return !used.has(weight) && (name === null ? isCounted : COMPUTED_WITH.test(name));
    };
    if (!wanted || !this.stored.some(isSpare)) return;
    const told = wanted.length > 0 ? `${wanted.join(", ")} and no more` : "no weights";
    throw new Impossible(
      `'${this.layer.name}' is told to have ${told}, and there are ${this.stored.length} weights of it`,
    );
  }

  /** What the store holds for each, in the layer's order. */
  infos(): WeightInfo[] {
    return [...this.byName].map(([name, weight]) => this.info(name, weight));
  }

  /**
   * The parameter `name`, of `shape` (null: as it is stored), read when it is needed. Throws a ConvLensError of kind `input` when
   * it is missing or has another shape.
   */
  parameter(name: string, shape: readonly number[] | null): Parameter {
    const weight = this.byName.get(name);
    const where = `of layer '${this.layer.name}' (${this.layer.className})`;
    if (!weight)
      throw inputError(
        `'${this.store.name}' holds ${this.stored.length} weights ${where}, and '${name}' is missing; save the whole model again.`,
      );
    const info = this.info(name, weight);
    if (
      shape &&
      !(shape.length === info.shape.length && shape.every((n, i) => n === info.shape[i]))
    )
      throw inputError(
        `'${this.store.name}' holds '${name}' ${where} with shape [${info.shape.join(", ")}], but the layer needs [${shape.join(", ")}]; save the whole model again.`,
      );
    const dtype = /int/.test(info.storedDType) ? "int32" : info.storedDType === "bool" ? "bool" : "float32"; // prettier-ignore
    const { ref } = info;
    const read = (): TensorData => this.store.read(ref);
    return {
      kind: "parameter",
      name: ref,
      ref,
      shape: info.shape,
      fileShape: info.shape,
      dtype,
      read,
    };
  }

  /** Names for the weights of a layer that is not known: the file's, else kernel, bias and numbers by their rank. */
  private named(): Map<string, StoredWeight> {
    const names = new Map<string, StoredWeight>();
    this.stored.forEach((weight, i) => {
      const rank = this.store.describe(weight.path).shape.length;
      const guess = rank >= 2 && i === 0 ? "kernel" : `weight_${i}`;
      const name = shortName(weight) ?? guess;
      names.set(names.has(name) ? `${name}_${i}` : name, weight);
    });
    return names;
  }

  private info(name: string, { path }: StoredWeight): WeightInfo {
    const { shape, dtype } = this.store.describe(path);
    return {
      name,
      ref: path,
      shape,
      storedDType: dtype,
      trainable: isTrainable(this.layer, name),
    };
  }
}
