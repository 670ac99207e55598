import type { Lowering, Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { Call } from "./call.ts";
import { InPlace } from "./in-place.ts";
import { operationOf } from "./modules.ts";
import { isInPlace, lowerOf } from "./ops/index.ts";
import { checkRecorded } from "./recorded.ts";
import { isRef, type ExportedNode, type Program } from "./schema.ts";

/** Names that a node takes, those in lists too. */
const refsOf = ({ inputs }: ExportedNode): string[] =>
  [...inputs.values()]
    .map((arg) => [arg].flat(2))
    .flat()
    .flatMap((arg) => (isRef(arg) ? arg.ref : []));

/** How the value of a name is found; throws `Unsupported` where there is none. */
export type Find = (name: string) => Value;

/** Lowers a program's calls one after the other, and knows what each name stands for after what was changed in place. */
export class Run {
  readonly values = new Map<string, Value>();
  private readonly inPlace = new InPlace(this.values);
  private readonly taken: ReadonlySet<string> | null;

  constructor(
    private readonly program: Pick<Program, "metas" | "solved"> &
      Partial<Pick<Program, "nodes" | "outputs">>,
    /** Of the example, where the batch is read as free; null where it is not. */
    public batch: number | null,
  ) {
    const { nodes, outputs = [] } = program;
    this.taken = nodes ? new Set([...outputs, ...nodes.flatMap(refsOf)]) : null;
  }

  /** Throws `Unsupported` for a name that has no value, or no longer the one it had. */
  readonly find: Find = (name) => {
    const value = this.values.get(name);
    if (!value) throw new Unsupported(`it takes '${name}', which is not computed`);
    this.inPlace.check(name);
    return value;
  };

  /** What a call makes: several values where it has several outputs. Throws `Unsupported`, or a RangeError where shapes do not fit. */
  made(l: Lowering, node: ExportedNode, find: Find = this.find): Value | readonly (Value | null)[] {
    if (node.opaque !== undefined) throw new Unsupported(node.opaque);
    const lower = lowerOf(operationOf(node.target));
    if (!lower) throw new Unsupported(`the operation '${node.target}' is not understood`);
    return lower(new Call(l, node, find, this.batch, this.program));
  }

  /** Gives a call's outputs what it made. Throws `Unsupported` where the file recorded another shape. */
  keep(node: ExportedNode, made: Value | readonly (Value | null)[]): void {
    [made].flat().forEach((value, i) => {
      const name = node.outputs[i];
      if (!value || name === undefined) return;
      // PyTorch records wrong shapes for the last states of an LSTM; a program that takes them is made with those
      if (this.taken?.has(name) !== false) checkRecorded(this.program, name, value, this.batch);
      this.values.set(name, value);
    });
  }

  /** What a call changed in place, changed under all names that it has; after `keep`. */
  follow(l: Lowering, node: ExportedNode, find: Find = this.find): void {
    const own = node.inputs.get("self");
    this.inPlace.follow(node, isInPlace(operationOf(node.target)), (self) =>
      [this.made(l, node, (name) => (isRef(own) && name === own.ref ? self : find(name)))].flat(),
    );
  }
}
