import { inputError } from "../../base/errors.ts";
import type { WeightInfo } from "../../graph/index.ts";
import { seenAs, type Lowering, type Network, type Parameter, type Use } from "../lower/index.ts";
import { readTensor, type StoredTensor } from "../tensors/stored.ts";
import type { Program } from "./schema.ts";

/** Parameters, buffers and constants of the program, by their names in the graph. */
export class Parameters {
  readonly byGraphName = new Map<string, Parameter>();
  private readonly byName = new Map<string, { parameter: Parameter; stored: StoredTensor }>();
  private readonly trained = new Set<string>();

  /** Throws a ConvLensError of kind `input` when one is not in the file, or not of the size that the program needs. */
  constructor(
    program: Program,
    tensors: ReadonlyMap<string, StoredTensor>,
    private readonly network: Network,
    file: string,
  ) {
    for (const { kind, name, target } of program.inputs) {
      if (kind === "user" || kind === "other") continue;
      const stored = tensors.get(target);
      const sizes = program.metas.get(name)?.sizes.map(({ hint }) => hint) ?? [];
      if (!stored)
        throw inputError(
          `'${file}' does not hold its parameter '${target}'; export the model again.`,
        );
      if (sizes.join() !== stored.shape.join())
        throw inputError(
          `'${file}' holds '${target}' with shape [${stored.shape.join(", ")}], but the program needs [${sizes.join(", ")}]; export the model again.`,
        );
      const parameter = asParameter(stored);
      this.byGraphName.set(name, parameter);
      this.byName.set(target, { parameter, stored });
      if (kind === "parameter") this.trained.add(target);
    }
  }

  /** What a layer reads, each parameter once: as a kernel where it is one. */
  infos(l: Lowering, path: string): WeightInfo[] {
    const chosen = new Map<string, Use>();
    for (const use of l.uses.values()) {
      const known = chosen.get(use.parameter.name);
      if (!known || (use.kernel !== null && known.kernel === null))
        chosen.set(use.parameter.name, use);
    }
    return [...chosen].flatMap(([name, use]): WeightInfo[] => {
      const found = this.byName.get(name);
      if (!found) return [];
      const { kernel, ...seen } = seenAs(
        use.kernel === null ? this.asKernel(found.parameter, use) : use,
      );
      return [
        {
          name: name.startsWith(`${path}.`) ? name.slice(path.length + 1) : name,
          ...{ ...seen, storedDType: found.stored.type, trainable: this.trained.has(name) },
          ...(kernel && { kernel }),
        },
      ];
    });
  }

  /** A kernel that is computed with before it is used (standardised weights) is still drawn as it is stored. */
  private asKernel(parameter: Parameter, use: Use): Use {
    if (parameter.shape.length !== 4 || !parameter.name.endsWith("weight")) return use;
    return this.network.use(parameter, { shape: parameter.shape, perm: [2, 3, 1, 0] }, "hwio");
  }
}

/** A parameter of the file, read when it is needed. */
export function asParameter(stored: StoredTensor): Parameter {
  const { name, shape, type } = stored;
  const dtype = type === "bool" ? "bool" : /^u?int/.test(type) ? "int32" : "float32";
  return {
    ...{ kind: "parameter", name, fileShape: shape, ref: name, shape, dtype },
    read: () => {
      const value = readTensor(stored);
      return dtype === "bool" ? { ...value, dtype, data: Uint8Array.from(value.data) } : value;
    },
  };
}
