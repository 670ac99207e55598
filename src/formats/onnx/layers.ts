import { append } from "../../base/append.ts";
import type { GraphNode, Layer, WeightInfo } from "../../graph/index.ts";
import { fileShapeOf, seenAs, type Tensor, type Use, type Value } from "../lower/index.ts";
import { modulePaths, sourceLine } from "./names.ts";
import type { OnnxNode } from "./proto.ts";

/** Shapes and types of parameters as the file has them. */
export type StoredDType = (use: Use) => string;

type Draft = { -readonly [K in keyof Layer]: Layer[K] };

/** The file's nodes as the user's layers, with all the names that they can be asked for by. */
export class Layers {
  private readonly drafts: Draft[] = [];
  private readonly byName = new Map<string, Draft>();
  private readonly aliases = new Map<string, string[]>();
  /** The last layer inside each module: its output is the module's. */
  private readonly modules = new Map<string, string>();

  constructor(private readonly storedDType: StoredDType) {}

  addInput(node: string, value: Tensor): void {
    this.push(node, "Input", {
      nodes: [value.node],
      output: value.node,
      inputs: [],
      weights: [],
      opaque: null,
      ...fileShapeOf(value),
    });
  }

  /** Returns the layer's name, which is unique. */
  add(
    { node, prefix }: { readonly node: OnnxNode; readonly prefix: string },
    facts: {
      readonly nodes: readonly GraphNode[];
      readonly output: Value | null;
      readonly opaqueOutput: string | null;
      readonly inputs: readonly string[];
      readonly uses: Iterable<Use>;
      readonly opaque: string | null;
    },
  ): string {
    const own = node.name === "" ? (node.outputs[0] ?? node.op) : node.name;
    const tensor = facts.output?.kind === "tensor" ? facts.output : null;
    const source = sourceLine(node);
    const name = this.push(prefix + own, node.op, {
      nodes: facts.nodes.map(({ id }) => id),
      output: facts.opaqueOutput ?? tensor?.node ?? null,
      inputs: facts.inputs,
      weights: [...facts.uses].map((use) => this.info(node, use)),
      opaque: facts.opaque,
      ...(tensor && fileShapeOf(tensor)),
      ...(source && { source }),
    });
    for (const output of node.outputs) if (output !== "") this.alias(name, prefix + output);
    for (const path of modulePaths(node)) this.modules.set(path, name);
    return name;
  }

  /** Another name for the layer's output. */
  alias(layer: string, name: string): void {
    append(this.aliases, layer, name);
  }

  finish(): Layer[] {
    for (const [path, layer] of this.modules) this.alias(layer, path);
    return this.drafts.map((draft) => {
      const names = [...new Set(this.aliases.get(draft.name))];
      const others = names.filter((name) => name !== draft.name && !this.byName.has(name));
      return others.length > 0 ? { ...draft, aliases: others } : draft;
    });
  }

  private push(
    wanted: string,
    className: string,
    facts: Omit<Draft, "name" | "className" | "preActivation">,
  ): string {
    let name = wanted;
    for (let i = 1; this.byName.has(name); i++) name = `${wanted}:${i}`;
    const draft: Draft = { name, className, preActivation: null, ...facts };
    this.drafts.push(draft);
    this.byName.set(name, draft);
    return name;
  }

  private info({ op, inputs }: OnnxNode, use: Use): WeightInfo {
    const { name, dtype } = use.parameter;
    const statistics = op === "BatchNormalization" && inputs.slice(3).includes(name);
    return {
      ...{ name, ...seenAs(use) },
      storedDType: this.storedDType(use),
      trainable: dtype === "float32" && !statistics,
    };
  }
}
