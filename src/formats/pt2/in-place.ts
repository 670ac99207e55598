import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { ints, range, type Numbers, type Value } from "../lower/index.ts";
import { operationOf } from "./modules.ts";
import { isRef, type ExportedNode } from "./schema.ts";

/** Results that are the same tensor as what they are made from. */
const SAME =
  /^(dropout|feature_dropout|alpha_dropout|contiguous|detach_?|alias|to|type_as|lift_fresh)$/;
/** Results that look at the memory of what they are made from. */
const VIEWS =
  /^(view|reshape|flatten|unflatten|permute|transpose|t|squeeze|unsqueeze|expand|slice|select|narrow|chunk|split|split_with_sizes|unbind|movedim|view_as|reshape_as|as_strided)$/;

/** One of the names that look at one memory. */
interface Look {
  /** The name that the memory was made under. */
  readonly root: string;
  /** Which cells of the root it has, where numbers of the file can tell; null where they cannot. */
  readonly cells: Numbers | null;
  /** Whether it is the whole root, as it is. */
  readonly same: boolean;
}

/** Operations that change a tensor change it for everyone who knows it, under whatever name. */
export class InPlace {
  private readonly looks = new Map<string, Look>();
  private readonly stale = new Set<string>();

  constructor(private readonly values: Map<string, Value>) {}

  /** Throws `Unsupported` for a name whose tensor was changed through a view of it. */
  check(name: string): void {
    if (this.stale.has(name))
      throw new Unsupported(`'${name}' was changed in place through a view of it`);
  }

  /** After `node` was lowered; `again` gives what it makes of another tensor in the place of its own. */
  follow(
    node: ExportedNode,
    changes: boolean,
    again: (self: Value) => readonly (Value | null)[],
  ): void {
    const self = node.inputs.get("self") ?? node.inputs.get("input");
    if (!isRef(self)) return;
    const operation = operationOf(node.target);
    const [same, view] = [SAME.test(operation) || changes, VIEWS.test(operation)];
    if (!same && !view) return;
    const own = this.looks.get(self.ref) ?? this.whole(self.ref);
    this.looks.set(self.ref, own);
    if (changes && operation !== "detach_") this.change(self.ref, own, node.outputs[0] ?? "");
    const cells = view && own.cells ? tried(again, own.cells) : [];
    node.outputs.forEach((name, i) => {
      const seen = same ? own.cells : cells[i];
      this.looks.set(name, {
        root: own.root,
        cells: seen?.kind === "numbers" ? seen : null,
        same: own.same && same,
      });
    });
  }

  private whole(name: string): Look {
    const value = this.values.get(name);
    const known = value?.kind === "numbers";
    const cells = known ? ints(range(sizeOf(value.shape)), value.shape) : null;
    return { root: name, cells, same: true };
  }

  private change(self: string, own: Look, result: string): void {
    const value = this.values.get(result);
    const before = this.values.get(own.root);
    const root =
      value?.kind === "numbers" && before?.kind === "numbers" && own.cells
        ? written(before, own.cells, value)
        : null;
    if (value) this.values.set(self, value);
    for (const [name, { root: of, cells, same }] of this.looks) {
      if (of !== own.root || name === self) continue;
      if (root && cells) this.values.set(name, seenIn(root, cells));
      else if (same && own.same && value) this.values.set(name, value);
      else this.stale.add(name);
    }
  }
}

/** Nothing is known of a view that a file tells of cells which are not there. */
function tried(
  again: (self: Value) => readonly (Value | null)[],
  cells: Numbers,
): readonly (Value | null)[] {
  try {
    return again(cells);
  } catch (error) {
    if (error instanceof Unsupported || error instanceof RangeError) return [];
    throw error;
  }
}

/** `root` with `value` in its `cells`. */
function written(root: Numbers, cells: Numbers, value: Numbers): Numbers {
  const data = [...root.data];
  cells.data.forEach((cell, i) => {
    data[cell] = at(value.data, i);
  });
  return { ...root, data };
}
const seenIn = (root: Numbers, { shape, data }: Numbers): Numbers => ({
  ...root,
  shape,
  data: data.map((cell) => at(root.data, cell)),
});
