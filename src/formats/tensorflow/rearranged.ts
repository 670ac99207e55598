import type { GraphBuilder, NodeId } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

/** NCHW from NHWC, and back. */
export const TO_NCHW = [0, 3, 1, 2] as const;
export const TO_NHWC = [0, 2, 3, 1] as const;

const equal = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/**
 * Reshapes and transpositions, made only where the one before does not undo them: dense layers on maps and channels-first
 * networks are full of pairs that do nothing.
 */
export class Rearranged {
  constructor(private readonly builder: GraphBuilder) {}

  reshape(x: NodeId, shape: Shape, hint: string): NodeId {
    const node = this.builder.get(x);
    const source = node.op === "reshape" ? (node.inputs[0] ?? x) : x;
    if (equal(this.builder.shape(source), shape)) return source;
    return this.builder.add("reshape", hint, [source], { shape });
  }

  transpose(x: NodeId, perm: readonly number[], hint: string): NodeId {
    const node = this.builder.get(x);
    const inner = node.op === "transpose" ? node : null;
    const source = inner?.inputs[0] ?? x;
    const whole = inner ? perm.map((axis) => inner.attrs.perm[axis] ?? axis) : perm;
    if (whole.every((axis, i) => axis === i)) return source;
    return this.builder.add("transpose", hint, [source], { perm: whole });
  }

  /** The channels-last tensor behind a channels-first one; null for any other. */
  channelsLast(x: NodeId): NodeId | null {
    const node = this.builder.get(x);
    const first = node.op === "transpose" && equal(node.attrs.perm, TO_NCHW);
    return first ? (node.inputs[0] ?? null) : null;
  }
}
