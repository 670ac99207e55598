/** What flows along the edges of a TensorFlow graph: values as everywhere, and what is none. */
import { dependsOn, type NodeId } from "../../graph/index.ts";
import type { Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { StoredParameter } from "./types.ts";

/** A variable itself, not its value. */
export interface Variable {
  readonly kind: "variable";
  readonly parameter: StoredParameter;
}
/** The side of a branch that is never taken. */
export interface Dead {
  readonly kind: "dead";
}
/** A tensor whose shape the file does not describe. */
export interface Unknown {
  readonly kind: "unknown";
  readonly node: NodeId;
  /** The operation that is to blame. */
  readonly blame: string;
}
/**
 * A picture between SpaceToBatchND and BatchToSpaceND, as TensorFlow wrote dilated convolutions: its phases as a batch, each
 * convolved without padding. Nothing is moved: the convolution between them is dilated instead.
 */
export interface Phases {
  readonly kind: "phases";
  /** The picture before it was split; from the convolution on the result itself. */
  readonly source: Value;
  readonly block: readonly [rows: number, columns: number];
  /** Before and behind the rows, and the columns. */
  readonly paddings: readonly (readonly [number, number])[];
  readonly convolved: boolean;
}

/** What an operation takes and gives. */
export type Edge = Value | Variable | Dead | Unknown | Phases;

/** The value of an edge; throws `Unsupported` where it has none that an ordinary operation could take. */
export function valueOf(edge: Edge): Value {
  switch (edge.kind) {
    case "tensor":
    case "parameter":
    case "numbers":
      return edge;
    case "variable":
      throw new Unsupported("it takes a variable itself, not its value");
    case "dead":
      throw new Unsupported("it is on a branch that is never taken");
    case "unknown":
      throw new Unsupported(dependsOn(edge.blame));
    case "phases":
      throw new Unsupported("it works on the phases of a picture in a way that is not known");
  }
}
