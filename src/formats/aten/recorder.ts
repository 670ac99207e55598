/** A program of aten operators, written down call by call while something else is followed: TorchScript's code, modules in a pickle. */
import { inputError } from "../../base/errors.ts";
import { BATCH, Lowering, Network, type Numbers, type Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import {
  isArgs,
  type Arg,
  type ExportedNode,
  type Program,
  type Ref,
  type TensorMeta,
} from "../pt2/schema.ts";
import { Run } from "../pt2/run.ts";
import { asParameter } from "../pt2/parameters.ts";
import type { StoredTensor } from "../tensors/stored.ts";

/** The module that a call is made in; the innermost counts. */
export interface Scope {
  /** One call of it. */
  readonly key: string;
  /** Its dotted place in the network. */
  readonly path: string;
  /** With its package: `torch.nn.modules.conv.Conv2d`. */
  readonly className: string;
}
/** An input of the network: sizes as an example has them, the batch in front. */
export interface Fed {
  readonly name: string;
  readonly shape: readonly number[];
  /** PyTorch's name of its element type. */
  readonly type: string;
}
/** A parameter or buffer of the network. */
export interface Held {
  readonly tensor: StoredTensor;
  readonly trainable: boolean;
}

/** More calls than any network makes. */
const MAX_CALLS = 20_000;

/** A program that goes on without end: nothing else that is tried with it will help. */
export class Unbounded extends Unsupported {}
/** It fails no later than what was tried before. */
export class NoBetter extends Unbounded {}

/**
 * Lowers each call on the side, so that shapes and known numbers can be asked for while the program is followed; what cannot be
 * lowered is written down all the same, and what it makes has no shape.
 */
export class Recorder {
  readonly tensors = new Map<string, StoredTensor>();
  /** The first reason why a call was not understood. */
  failure: string | null = null;
  failures = 0;
  /** How many calls came before the first that was not understood. */
  understood = Infinity;
  private readonly network = new Network();
  private readonly nodes: ExportedNode[] = [];
  private readonly metas = new Map<string, TensorMeta>();
  private readonly parameters: Program["inputs"][number][] = [];
  private readonly users: Program["inputs"][number][] = [];
  private readonly names = new Map<string, number>();
  private readonly run: Run;

  /** `free`: the batch is, and the inputs' first axis counts it. */
  constructor(
    inputs: readonly Fed[],
    private readonly free: boolean,
    private readonly file: string,
    /** After how few calls a failure ends it, because what was tried before came as far. */
    private readonly patience = -1,
  ) {
    const batch = inputs[0]?.shape[0] ?? null;
    this.run = new Run({ metas: new Map() }, free ? batch : null);
    for (const input of inputs) this.feed(input, batch);
  }

  private feed({ name, shape, type }: Fed, batch: number | null): void {
    this.unique(name);
    const sizes = shape.map((hint, axis) => ({ hint, symbol: axis === 0 ? "batch" : null }));
    this.metas.set(name, { type, sizes, strides: [], offset: 0 });
    this.users.push({ kind: "user", name, target: "", persistent: false });
    const own = shape.map((size, axis) =>
      axis === 0 && this.free && size === batch ? BATCH : size,
    );
    const dtype = /^(u?int|bool)/.test(type) ? "int32" : "float32";
    const node = this.network.builder.input(name, own.map((size) => (size === BATCH ? null : size)), dtype); // prettier-ignore
    this.run.values.set(name, { kind: "tensor", node, shape: own, order: own.map((_, i) => i) });
  }

  /** A parameter by its name in the module. */
  parameter(name: string, { tensor, trainable }: Held): Ref {
    const ref = { ref: `p:${name}` };
    if (this.tensors.has(name)) return ref;
    this.tensors.set(name, tensor);
    const exact = (sizes: readonly number[]): TensorMeta["sizes"] => sizes.map((hint) => ({ hint, symbol: null })); // prettier-ignore
    const { type, shape, strides, offset } = tensor;
    this.metas.set(ref.ref, { type, sizes: exact(shape), strides: exact(strides), offset });
    const kind = trainable ? "parameter" : "buffer";
    this.parameters.push({ kind, name: ref.ref, target: name, persistent: true });
    this.run.values.set(ref.ref, asParameter({ ...tensor, name }));
    return ref;
  }

  /** What an operator makes of its arguments, by their names in aten's schema: a list where it makes several. */
  call(operation: string, args: Readonly<Record<string, Arg>>, scope: Scope | null): Ref | Ref[] {
    const draft = this.draft(`torch.ops.aten.${operation}.default`, args, scope);
    const plain = operation.replace(/_$/, "");
    const l = new Lowering(this.network, plain);
    let made: ReturnType<Run["made"]> | null = null;
    try {
      made = this.run.made(l, draft);
    } catch (error) {
      this.failed(error, plain);
    }
    const many = Array.isArray(made);
    const outputs = [made].flat().map(() => this.unique(plain));
    const node = { ...draft, outputs };
    this.nodes.push(node);
    if (made !== null) this.run.keep(node, made);
    try {
      this.run.follow(l, node);
    } catch (error) {
      this.failed(error, plain);
    }
    const refs = outputs.map((ref) => ({ ref }));
    const [first = { ref: "" }] = refs;
    return many ? refs : first;
  }
  /** The first of what an operator makes. */
  one(operation: string, args: Readonly<Record<string, Arg>>, scope: Scope | null): Ref {
    return [this.call(operation, args, scope)].flat()[0] ?? { ref: "" };
  }
  /** What is shown and not run, and why: a whole module whose code is not understood. */
  opaque(args: readonly Arg[], why: string, scope: Scope | null): Ref {
    const given = Object.fromEntries(args.map((arg, i) => [`argument ${i}`, arg]));
    const plain = scope?.className.split(".").at(-1) ?? "opaque";
    const name = this.unique(plain);
    const draft = this.draft(`torch.ops.aten.${plain}.default`, given, scope);
    this.nodes.push({ ...draft, outputs: [name], opaque: why });
    this.failed(new Unsupported(why), plain);
    return { ref: name };
  }

  private draft(
    target: string,
    args: Readonly<Record<string, Arg>>,
    scope: Scope | null,
  ): ExportedNode {
    if (this.nodes.length >= MAX_CALLS)
      throw inputError(`'${this.file}' makes more calls than any network; it is not read.`);
    const inputs = new Map(Object.entries(args));
    const moduleStack = scope ? `${scope.key},${scope.path},${scope.className}` : "";
    return { target, inputs, outputs: [], stackTrace: "", moduleStack };
  }
  private failed(error: unknown, operation: string): void {
    if (!(error instanceof Unsupported) && !(error instanceof RangeError)) throw error;
    this.failures++;
    this.understood = Math.min(this.understood, this.nodes.length);
    if (this.understood <= this.patience) throw new NoBetter(`${operation}: ${error.message}`);
    this.failure ??= `${operation}: ${error.message}`;
  }
  private unique(name: string): string {
    const uses = this.names.get(name) ?? 0;
    this.names.set(name, uses + 1);
    return uses === 0 ? name : this.unique(`${name}_${uses}`);
  }

  /** The value of a name; null where it is not known. */
  private value({ ref }: Ref): Value | null {
    try {
      return this.run.find(ref);
    } catch {
      return null;
    }
  }
  /** Its sizes, the free batch as BATCH. Throws `Unsupported` where they are not known. */
  shape(ref: Ref): readonly number[] {
    const value = this.value(ref);
    if (!value) throw new Unsupported("it asks for the size of what is not computed");
    return value.shape;
  }
  /** Throws `Unsupported` where they are not known while the file is read. */
  numbers(ref: Ref): Numbers {
    const value = this.value(ref);
    if (!value) throw new Unsupported("it asks for numbers of what is not computed");
    return new Lowering(this.network, "numbers").numbers(value, "number");
  }
  dtype(ref: Ref): "float32" | "int32" | "bool" {
    const value = this.value(ref);
    return value ? new Lowering(this.network, "dtype").dtype(value) : "float32";
  }
  isComputed(ref: Ref): boolean {
    return this.value(ref) !== null;
  }

  /** What was written down, with the outputs that a caller gets. */
  program(
    outputs: readonly Ref[],
    rest: Pick<Program, "format" | "notes" | "sizesFrom" | "torchVersion">,
  ): Program {
    return {
      ...rest,
      nodes: this.nodes,
      inputs: [...this.users, ...this.parameters],
      outputs: outputs.map(({ ref }) => ref),
      metas: this.metas,
      shapeless: true,
    };
  }
}

/** The values that an argument holds, in its lists too. */
export const refsIn = (arg: Arg): Ref[] =>
  isArgs(arg) ? arg.flatMap(refsIn) : typeof arg === "object" && arg !== null ? [arg] : [];
