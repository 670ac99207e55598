import { at } from "../../base/at.ts";
import { freeBatch, sizeFor } from "../lower/batch.ts";
import { floats, ints, type Lowering, type Numbers, type Value } from "../lower/index.ts";
import { Impossible, Unsupported } from "../lower/unsupported.ts";
import { isArgs, isRef, type Arg, type ExportedNode, type Program, type Size } from "./schema.ts";

/** One operation of the program with its arguments by name, as the operation's schema in PyTorch calls them. */
export class Call {
  constructor(
    readonly l: Lowering,
    readonly node: ExportedNode,
    readonly find: (name: string) => Value,
    /** The batch of the example, which sizes in the file may still hold; null where it is not read as a free one. */
    readonly batch: number | null,
    private readonly program: Pick<Program, "metas" | "solved">,
  ) {}

  arg(name: string): Arg | undefined {
    return this.node.inputs.get(name);
  }
  has(name: string): boolean {
    const arg = this.arg(name);
    return arg !== undefined && arg !== null;
  }
  /** A tensor, or a number in its place. */
  value(name: string): Value {
    return this.resolve(this.arg(name), name);
  }
  optional(name: string): Value | null {
    return this.has(name) ? this.value(name) : null;
  }
  values(name: string): Value[] {
    const arg = this.arg(name);
    return isArgs(arg) ? arg.map((item) => this.resolve(item, name)) : [this.value(name)];
  }
  private resolve(arg: Arg | undefined, name: string): Value {
    if (isRef(arg)) return this.find(arg.ref);
    if (typeof arg === "number") return Number.isInteger(arg) ? ints([arg], []) : floats([arg], []);
    if (typeof arg === "boolean") return { ...ints([+arg], []), type: "bool" };
    throw new Unsupported(`its argument '${name}' is missing`);
  }

  number(name: string, fallback: number): number {
    const arg = this.arg(name);
    if (arg === undefined || arg === null) return fallback;
    return single(this.l.numbers(this.resolve(arg, name), name));
  }
  flag(name: string, fallback: boolean): boolean {
    const arg = this.arg(name);
    return typeof arg === "boolean" ? arg : fallback;
  }
  text(name: string, fallback: string): string {
    const arg = this.arg(name);
    return typeof arg === "string" ? arg : fallback;
  }
  /** A list of numbers; null when it is left out. One number stands for a list of one. */
  numbers(name: string): number[] | null {
    const arg = this.arg(name);
    if (arg === undefined || arg === null) return null;
    const items = isArgs(arg) ? arg : [arg];
    return items.map((item) => single(this.l.numbers(this.resolve(item, name), name)));
  }
  /** For each of `count` axes; one number counts for all. Throws `Impossible` for another number of them. */
  each(name: string, count: number, fallback: number): number[] {
    const given = this.numbers(name) ?? [];
    if (given.length > 1 && given.length !== count)
      throw new Impossible(
        `'${this.l.name}' has the ${name} [${given.join(", ")}] for ${count} axes`,
      );
    return Array.from({ length: count }, (_, i) => given[i] ?? given[0] ?? fallback);
  }

  /** How the exporter's example of a tensor lay in memory, in cells. */
  memory(name: string): { sizes: number[]; strides: number[]; offset: number } {
    const arg = this.arg(name);
    const { metas, solved = [] } = this.program;
    const meta = isRef(arg) ? metas.get(arg.ref) : undefined;
    if (!meta || solved.length > 0)
      throw new Unsupported(`the file does not describe its argument '${name}'`);
    const hints = (sizes: readonly Size[]): number[] => sizes.map(({ hint }) => hint);
    return { sizes: hints(meta.sizes), strides: hints(meta.strides), offset: meta.offset };
  }
  /** Sizes or strides with the example's batch where the batch is free. */
  fixed(shape: readonly number[]): number[] {
    const { batch } = this;
    return batch === null ? [...shape] : shape.map((size) => sizeFor(size, batch));
  }

  /** Sizes that `shape` is reshaped to, with the example's batch made free again. */
  sizes(name: string, shape: readonly number[]): number[] {
    const wanted = this.numbers(name) ?? [];
    return this.batch === null ? wanted : freeBatch(shape, wanted, this.batch);
  }
}

const single = ({ data }: Numbers): number => at(data, 0);
