import type { Node } from "web-tree-sitter";
import type { Built } from "../script-layer.ts";
import type { Library } from "../../shared/contract/code.ts";
import type { Known } from "../vocabulary.ts";
import type { Scope } from "./values.ts";
import type { Arguments, ClassValue, Value } from "./values.ts";

/** How a block ended: at its end, or early. */
export type Outcome = { readonly returned: Value } | "break" | "continue" | null;

/** What the parts of the interpreter ask of each other; a type alone, so that they need not import one another. */
export interface Interpreter {
  readonly globals: Scope;
  /** The methods that are running, innermost last. */
  readonly frames: { readonly self: Value; readonly owner: ClassValue }[];
  /** Functions and classes that were used, by the id of their node: the others are looked at by themselves. */
  readonly used: Set<number>;
  evaluate(node: Node | null, scope: Scope): Value;
  execute(block: Node, scope: Scope): Outcome;
  assign(target: Node, value: Value, scope: Scope): void;
  call(callee: Value, args: Arguments, at: Node): Value;
  /** Counts a step; throws `Exhausted` when there were too many. */
  step(): void;
  /** Runs `body` as something whose course only a run of the script knows. */
  unsure<T>(body: () => T): T;
  /** Runs `body` as called from `line`; null when calls are nested too deep. */
  within<T>(line: number, body: () => T): T | null;
  make(known: Extract<Known, { className: string }>, args: Arguments, at: Node): Built;
  /** Something that holds layers: it is a model of the script unless another one holds it too. */
  foundModel(value: Value, library: Library, at: Node): void;
  saved(path: Value | undefined, at: Node): void;
  /** A call by its full path: it may make a loss, or name the size of pictures. */
  noticed(path: string, args: Arguments, at: Node): void;
  /** Grows with everything that is made or collected: a loop that leaves it as it is has nothing more to tell. */
  progress: number;
}

/** The script would run for very long. */
export class Exhausted extends Error {}

/** The line that a node begins in, from 1. */
export const lineOf = (node: Node): number => node.startPosition.row + 1;
