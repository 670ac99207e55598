import { Unsupported } from "../lower/unsupported.ts";
import type { Value } from "../lower/index.ts";
import { operationOf } from "./modules.ts";
import { isRef, type ExportedNode } from "./schema.ts";

/** Results that are the same tensor as what they are made from. */
const SAME =
  /^(dropout|feature_dropout|alpha_dropout|contiguous|detach_?|alias|to|type_as|lift_fresh)$/;
/** Results that look at the memory of what they are made from. */
const VIEWS =
  /^(view|reshape|flatten|unflatten|permute|transpose|t|squeeze|unsqueeze|expand|slice|select|narrow|chunk|split|split_with_sizes|unbind|movedim|view_as|reshape_as|as_strided)$/;

/** Operations that change a tensor change it for everyone who knows it, under whatever name. */
export class InPlace {
  private readonly family = new Map<string, { root: string; same: boolean }>();
  private readonly stale = new Set<string>();

  /** Throws `Unsupported` for a name whose tensor was changed through a view of it. */
  check(name: string): void {
    if (this.stale.has(name))
      throw new Unsupported(`'${name}' was changed in place through a view of it`);
  }

  follow(node: ExportedNode, changes: boolean, values: Map<string, Value>): void {
    const self = node.inputs.get("self") ?? node.inputs.get("input");
    if (!isRef(self)) return;
    const operation = operationOf(node.target);
    const [same, view] = [SAME.test(operation) || changes, VIEWS.test(operation)];
    if (!same && !view) return;
    const own = this.family.get(self.ref) ?? { root: self.ref, same: true };
    this.family.set(self.ref, own);
    if (changes && operation !== "detach_")
      this.change(self.ref, own, node.outputs[0] ?? "", values);
    for (const name of node.outputs)
      this.family.set(name, { root: own.root, same: own.same && same });
  }

  private change(
    self: string,
    own: { root: string; same: boolean },
    result: string,
    values: Map<string, Value>,
  ): void {
    const value = values.get(result);
    if (value) values.set(self, value);
    for (const [name, { root, same }] of this.family) {
      if (root !== own.root || name === self) continue;
      if (same && own.same && value) values.set(name, value);
      else this.stale.add(name);
    }
  }
}
