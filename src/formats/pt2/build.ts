/** An exported program -> the graph: nodes grouped into the modules' calls, each lowered to operations or shown as opaque. */
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import { dependsOn, isPossible } from "../../graph/index.ts";
import type { Layer, ModelGraph, NodeId, TensorSpec } from "../../graph/index.ts";
import { fixedBatchNote, preferFreeBatch } from "../lower/free-batch.ts";
import * as lower from "../lower/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import { inputSizes } from "./inputs.ts";
import { groupNodes, operationOf, sourceOf, type Group } from "./modules.ts";
import { lowerOf, readsOf } from "./ops/index.ts";
import { Parameters } from "./parameters.ts";
import { recordedSizes } from "./recorded.ts";
import { Run } from "./run.ts";
import { isRef, type ExportedNode, type Program } from "./schema.ts";

/**
 * The graph with a free batch where the whole program can be run so, else with the batch of its
 * example; a function gives the program for either. `tensors`: parameters, buffers and constants by
 * their name in the module. Throws a ConvLensError of kind `input` for an output that nothing makes.
 */
export function buildGraph(
  program: Program | ((free: boolean) => Program),
  tensors: ReadonlyMap<string, StoredTensor>,
  source: ByteSource,
  options: ReadOptions,
): ModelGraph {
  const read = (free: boolean): ModelGraph => {
    const own = typeof program === "function" ? program(free) : program;
    return new Assembly(own, tensors, source, options, free).graph();
  };
  return preferFreeBatch(read(true), () => read(false));
}

/** Operations that change nothing and that nobody wrote. */
const SILENT = /^(contiguous|detach_?|alias|clone|lift_fresh(_copy)?|to|_to_copy|type_as)$/;

class Assembly {
  private readonly network = new lower.Network();
  private readonly run: Run;
  private readonly pictures: ReadonlySet<string>;
  /** Which layer made a value. */
  private readonly makers = new Map<string, string>();
  private readonly layers: Layer[] = [];
  private readonly names = new Map<string, number>();
  private readonly notes = new Set<string>();
  private readonly unknown = new Map<string, number>();
  /** Opaque nodes whose output the file does not describe, and the layer to blame, by the name of the output. */
  private readonly undescribed = new Map<
    string,
    { readonly node: NodeId; readonly blame: string }
  >();
  private readonly parameters: Parameters;

  constructor(
    private readonly program: Program,
    tensors: ReadonlyMap<string, StoredTensor>,
    private readonly source: ByteSource,
    private readonly options: ReadOptions,
    private readonly free: boolean,
  ) {
    this.run = new Run(program, null);
    this.parameters = new Parameters(program, tensors, this.network, source.name);
    this.pictures = lower.picturesAmong(
      program.nodes.map((node) => ({
        inputs: [...node.inputs.values()].flatMap((arg) => (isRef(arg) ? arg.ref : [])),
        outputs: node.outputs,
        reads: readsOf(operationOf(node.target)),
      })),
    );
  }

  graph(): ModelGraph {
    for (const note of this.program.notes ?? []) this.notes.add(note);
    for (const [name, parameter] of this.parameters.byGraphName)
      this.run.values.set(name, parameter);
    const inputs = this.makeInputs();
    for (const group of groupNodes(this.program.nodes)) this.lowerGroup(group);
    const outputs = this.program.outputs.map((name) => this.output(name));
    if (this.unknown.size > 0) {
      const list = [...this.unknown].map(([name, n]) => (n === 1 ? name : `${name} (${n})`));
      this.notes.add(`Operations that are not understood: ${list.join(", ")}.`);
    }
    const { torchVersion } = this.program;
    return {
      format: this.program.format ?? "torch.export .pt2",
      producer: torchVersion === null ? null : `PyTorch ${torchVersion.replace(/\+.*/, "")}`,
      inputs,
      outputs,
      nodes: this.network.builder.nodes,
      layers: this.layers,
      weights: this.network.store(() => {
        this.source.close();
      }),
      notes: [...this.notes],
    };
  }

  /** Pictures are fed with channels last; the batch is free even where the example's was fixed. */
  private makeInputs(): TensorSpec[] {
    const { free, options, notes } = this;
    const { shapes, batch } = inputSizes(this.program, free, options.inputSize, notes);
    this.run.batch = free ? batch : null;
    if (!free && batch !== null) notes.add(fixedBatchNote(batch));
    return [...shapes].map(([name, { shape, type, free: open }]) => {
      const order = [4, 5].includes(shape.length)
        ? lower.channelsLast(shape.length)
        : lower.range(shape.length);
      const dtype = /^(u?int|bool)/.test(type) ? "int32" : "float32";
      const sizes = order.map((axis) => lower.freed(at(shape, axis)));
      const node = this.network.builder.input(name, sizes, dtype);
      this.run.values.set(name, { kind: "tensor", node, shape, order });
      this.makers.set(name, name);
      this.addLayer(name, "Input", {
        nodes: [node],
        output: node,
        ...lower.fileShapeOf({ shape, order }),
      });
      return {
        ...{ name, node, shape: sizes, dtype, ...lower.fileShapeOf({ shape, order }) },
        ...(open && shape.length > 2 && { freeSize: true }),
      };
    });
  }

  private output(name: string): TensorSpec {
    const undescribed = this.undescribed.get(name);
    if (undescribed) {
      const own = this.makers.get(name) ?? name;
      return { name: own, node: undescribed.node, shape: [null], dtype: "float32" };
    }
    const value = this.run.values.get(name);
    const l = new lower.Lowering(this.network, name);
    const tensor = value?.kind === "tensor" ? value : value && l.tensor(l.node(value));
    if (!tensor)
      throw inputError(
        `In '${this.source.name}' nothing computes its output '${name}'; export the model again.`,
      );
    const { node, order } = shown(l, tensor);
    const { shape, dtype } = this.network.builder.get(node);
    return {
      ...{ name: this.makers.get(name) ?? name, node, shape, dtype },
      ...lower.fileShapeOf({ shape: tensor.shape, order }),
    };
  }

  private lowerGroup(group: Group): void {
    const nodes = group.nodes.filter(({ outputs }) => outputs.length > 0);
    const [first] = nodes;
    if (!first) return;
    const operation = operationOf(first.target);
    const path = group.module?.path ?? "";
    const plain = operation.replace(/_$/, "");
    const own = first.outputs[0] || plain;
    const name = this.unique(group.whole ? path : path === "" ? own : `${path}.${plain}`);
    const from = this.network.builder.nodes.length;
    const l = new lower.Lowering(this.network, name);
    const makers = new Set<string>();
    let opaque: string | null = null;
    for (const node of nodes) {
      const why = this.lowerNode(l, node, makers);
      opaque ??= why;
    }
    const values = nodes.flatMap(({ outputs }) =>
      outputs.map((out) => [out, this.run.values.get(out)] as const),
    );
    const last = values.findLast(([, value]) => value?.kind === "tensor");
    const unknown = values.flatMap(([out]) => this.undescribed.get(out)?.node ?? []).at(-1);
    if (unknown !== undefined) {
      for (const [out] of values) this.makers.set(out, name);
      this.addLayer(name, group.whole ? (group.module?.className ?? plain) : plain, {
        ...{ nodes: [unknown], output: unknown, inputs: [...makers], opaque },
        weights: this.parameters.infos(l, path),
      });
      return;
    }
    if (!last || (!group.whole && SILENT.test(operation))) {
      this.forget(name, values, makers);
      return;
    }
    const [lastName, value] = last;
    if (value?.kind !== "tensor") return;
    const output = shown(l, this.pictures.has(lastName) ? lower.channelsAtEnd(l, value) : value);
    this.run.values.set(lastName, output);
    for (const [out] of values) this.makers.set(out, name);
    const made = this.network.builder.nodes.slice(from);
    const source = sourceOf(first);
    this.addLayer(name, group.whole ? (group.module?.className ?? plain) : plain, {
      nodes: made.filter(({ op }) => op !== "weight" && op !== "constant").map(({ id }) => id),
      output: output.node,
      inputs: [...makers],
      weights: this.parameters.infos(l, path),
      opaque,
      aliases: values.map(([out]) => out).filter((out) => out !== "" && out !== name),
      ...(source && { source }),
      ...lower.fileShapeOf(output),
    });
  }

  /** Nothing that anyone would look for: shape arithmetic, copies. */
  private forget(
    name: string,
    values: readonly (readonly [string, lower.Value | undefined])[],
    makers: ReadonlySet<string>,
  ): void {
    this.names.set(name, (this.names.get(name) ?? 1) - 1);
    const [maker] = makers;
    if (maker !== undefined) for (const [out] of values) this.makers.set(out, maker);
  }

  /** Why it is opaque, or null. */
  private lowerNode(l: lower.Lowering, node: ExportedNode, makers: Set<string>): string | null {
    if (node.opaque === undefined && !lowerOf(operationOf(node.target)))
      this.unknown.set(node.target, (this.unknown.get(node.target) ?? 0) + 1);
    const find = (name: string): lower.Value => {
      const maker = this.makers.get(name);
      if (maker !== undefined) makers.add(maker);
      const undescribed = this.undescribed.get(name);
      if (undescribed) throw new Unsupported(dependsOn(undescribed.blame));
      return this.run.find(name);
    };
    let why: string | null = null;
    try {
      this.run.keep(node, this.run.made(l, node, find));
    } catch (error) {
      if (!(error instanceof Unsupported) && !(error instanceof RangeError)) throw error;
      why = error.message;
      this.makeOpaque(l, node, find, error);
    }
    this.run.follow(l, node, find);
    return why;
  }

  private makeOpaque(
    l: lower.Lowering,
    node: ExportedNode,
    find: (name: string) => lower.Value,
    why: Error,
  ): void {
    const taken = [...node.inputs.values()].flat(2).flatMap((arg): NodeId[] => {
      if (typeof arg !== "object" || arg === null || !("ref" in arg)) return [];
      const undescribed = this.undescribed.get(arg.ref);
      if (undescribed) return [undescribed.node];
      try {
        const value = find(arg.ref);
        return value.kind === "tensor" ? [value.node] : [];
      } catch {
        return [];
      }
    });
    const { inputs, attrs } = lower.opaqueAs(why, taken);
    const blamed = [...node.inputs.values()]
      .flat(2)
      .flatMap((arg) => (isRef(arg) ? (this.undescribed.get(arg.ref)?.blame ?? []) : []))[0];
    for (const name of node.outputs) {
      const meta = this.program.metas.get(name);
      const shape = meta && recordedSizes(meta, this.run.batch);
      if (!shape || !isPossible(shape.map(lower.freed))) {
        if ((!meta && this.program.shapeless !== true) || name === "") continue;
        const unknown = this.network.builder.opaque(l.name, inputs, attrs, [null]);
        this.undescribed.set(name, { node: unknown, blame: blamed ?? l.name });
        continue;
      }
      const order = lower.channelsLast([4, 5].includes(shape.length) ? shape.length : 0);
      const own = order.length > 0 ? order : lower.range(shape.length);
      const id = this.network.builder.opaque(
        l.name,
        inputs,
        attrs,
        own.map((axis) => lower.freed(at(shape, axis))),
      );
      this.run.values.set(name, { kind: "tensor", node: id, shape, order: own });
    }
  }

  private unique(name: string): string {
    const uses = this.names.get(name) ?? 0;
    this.names.set(name, uses + 1);
    return uses === 0 ? name : this.unique(`${name}:${uses}`);
  }

  private addLayer(name: string, className: string, rest: Partial<Layer>): void {
    this.layers.push({
      ...{ name, className, nodes: [], output: null, preActivation: null, inputs: [] },
      ...{ weights: [], opaque: null, ...rest },
    });
  }
}

/** A value whose axes are in neither the graph's order nor the file's is brought into the graph's, where the batch allows it. */
function shown(l: lower.Lowering, value: lower.Tensor): lower.Tensor {
  const { length } = value.shape;
  const order = lower.channelsLast(length === 4 || length === 5 ? length : 0);
  const wanted = order.length > 0 ? order : lower.range(length);
  const same =
    value.order.join() === wanted.join() || (order.length > 0 && lower.isPlain(value.order));
  return same || value.order[0] !== 0 ? value : l.tensor(l.node(value, wanted), wanted);
}
