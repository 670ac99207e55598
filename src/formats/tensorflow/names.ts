/** Which layer an operation belongs to, by its name: scopes are how TensorFlow tells. */
import { at } from "../../base/at.ts";

/** Scopes that a layer makes inside its own. */
const INNER =
  /^(Conv2D|depthwise|batchnorm|moments|Tensordot|tensordot|separable_conv2d|convolution|conv2d_transpose|ReadVariableOp|cond|einsum|FusedBatchNormV?\d?|ArithmeticOptimizer|ConstantFolding|normalize|strided_slice)(_\d+)?$/;
const CALL = /^(Stateful)?PartitionedCall(_\d+)?$/;

/** What the name of an operation tells. */
export interface Named {
  /** The layer, or null for an operation outside of all scopes. */
  readonly scope: string | null;
  readonly leaf: string;
  /** Keras' class, where the file tells it. */
  readonly className: string | null;
}

const parts = (name: string): string[] => name.split("/").filter((part) => !CALL.test(part));

/** Reads names of one model: the scope that all have in common (the model's own name) is left out. */
export class Names {
  private readonly common: readonly string[];
  private readonly scopes: ReadonlySet<string>;
  /** Keras 3 numbers the scopes of an exported model: `conv1_1`. */
  private readonly suffix: string | null;

  constructor(
    names: readonly string[],
    /** Keras layers by their name, nested ones by `outer/inner`. */
    private readonly classes: ReadonlyMap<string, string>,
  ) {
    const scoped = names.map(parts).filter((path) => path.length > 1);
    this.scopes = new Set(scoped.map((path) => path.slice(0, -1).join("/")));
    this.common = commonStart(scoped.map((path) => path.slice(0, -1)));
    const [root] = this.common;
    const number = root === undefined ? null : (/_\d+$/.exec(root)?.[0] ?? null);
    const layers = scoped.flatMap((path) => path[this.common.length] ?? []);
    this.suffix =
      number !== null && layers.length > 1 && layers.every((layer) => layer.endsWith(number))
        ? number
        : null;
  }

  read(name: string): Named {
    const all = parts(name);
    const shared = this.common.every((part, i) => all[i] === part) ? this.common.length : 0;
    const path = all.slice(Math.min(shared, all.length - 1));
    const leaf = path.at(-1) ?? name;
    // an operation may open a scope under its own name: `depthwise` and `depthwise/BatchToSpaceND`
    const around = this.scopes.has(all.join("/")) ? path : path.slice(0, -1);
    const scopes = around.map((part) => this.bare(part));
    for (let i = 1; i <= scopes.length; i++) {
      const scope = scopes.slice(0, i).join("/");
      const className = this.classes.get(scope) ?? this.classes.get(at(scopes, i - 1));
      if (className !== undefined) return { scope, leaf, className };
    }
    while (scopes.length > 1 && INNER.test(at(scopes, -1))) scopes.pop();
    return { scope: scopes.length > 0 ? scopes.join("/") : null, leaf, className: null };
  }

  /** The layer that a parameter was made in: `conv1/Conv2D/ReadVariableOp` and `conv1/Conv2D_weights` are of `conv1`. */
  ofParameter(name: string): Named {
    return this.read(name.replace(/\/(Conv2D|depthwise|MatMul|convolution)\/[^/]+$/, "/kernel"));
  }

  /** Its name without what all have in common, and its scope: what a person may call it. */
  aliases(name: string): string[] {
    const { scope, leaf } = this.read(name);
    return scope === null ? [name, leaf] : [name, `${scope}/${leaf}`, scope];
  }

  private bare(scope: string): string {
    return this.suffix !== null && scope.endsWith(this.suffix)
      ? scope.slice(0, -this.suffix.length)
      : scope;
  }
}

function commonStart(paths: readonly (readonly string[])[]): string[] {
  const [first = []] = paths;
  let length = 0;
  // the last scope is a layer, also where there is only one
  while (
    length < first.length &&
    paths.every((path) => path.length > length + 1 && path[length] === first[length])
  )
    length++;
  return first.slice(0, length);
}

/** `small_cnn/conv1/kernel:0` -> `kernel`; constants of an exporter have the name of what they were read by. */
export function weightName(name: string): string {
  const path = name.replace(/:\d+$/, "").split("/");
  const numbered = at(path, -1);
  const last = numbered.replace(/_\d+$/, "");
  // an exporter's own names of what it folded
  if (last === "Scaled" || last === "Offset") return last === "Scaled" ? "scale" : "offset";
  const [own, scope] =
    path.slice(-3, -1).length > 1 ? path.slice(-3, -1) : [undefined, path.at(-2)];
  if (last !== "ReadVariableOp" || scope === undefined) return numbered;
  if (scope === "batchnorm") return STATISTICS[numbered] ?? numbered;
  if (scope === "mul" && own === "batchnorm") return "gamma";
  if (/^(Conv|Depthwise|MatMul|Tensordot|convolution)/i.test(scope)) return "kernel";
  return /^(BiasAdd|add)/i.test(scope) ? "bias" : scope;
}
/** The order in which `tf.nn.batch_normalization` reads. */
const STATISTICS: Readonly<Record<string, string>> = {
  ReadVariableOp: "moving_variance",
  ReadVariableOp_1: "moving_mean",
  ReadVariableOp_2: "beta",
};
