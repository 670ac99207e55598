import type { Node } from "web-tree-sitter";
import type { Library, SavedPath, SizeUse } from "../../shared/contract/code.ts";
import type { Built } from "../script-layer.ts";
import { lossByName, lossOf, sizeOf, type Loss } from "../losses.ts";
import { argumentNames, FILTERS, type Known } from "../vocabulary.ts";
import { assign } from "./attributes.ts";
import { callValue } from "./calls.ts";
import { expression } from "./expressions.ts";
import type { Arguments } from "./values.ts";
import { Exhausted, lineOf, type Interpreter, type Outcome } from "./interpreter.ts";
import { Scope } from "./values.ts";
import { block } from "./statements.ts";
import { numbers, UNKNOWN, whole, type ClassValue, type Value } from "./values.ts";

/** More would take seconds; a script that builds a network needs thousands. */
const MOST_STEPS = 300_000;
const DEEPEST_CALL = 40;
const MOST_LAYERS = 5000;

/** Something that holds layers, where the script makes it. */
export interface Holder {
  readonly value: Value;
  readonly library: Library;
  readonly line: number;
}

/**
 * Follows a script statement by statement as Python would, on what can be known without running it: numbers, strings, lists, its own
 * functions and classes. Nothing of it is executed, nothing imported. Conditions that only a run knows are taken both ways.
 */
export class Run implements Interpreter {
  readonly globals = new Scope();
  readonly frames: { readonly self: Value; readonly owner: ClassValue }[] = [];
  readonly used = new Set<number>();
  readonly holders: Holder[] = [];
  readonly built: Built[] = [];
  readonly saves: SavedPath[] = [];
  readonly losses: Loss[] = [];
  readonly sizes: SizeUse[] = [];
  progress = 0;
  private steps = 0;
  private doubts = 0;
  private readonly callers: number[] = [];

  evaluate(node: Node | null, scope: Scope): Value {
    if (!node) return UNKNOWN;
    this.step();
    return expression(this, node, scope);
  }
  execute(node: Node, scope: Scope): Outcome {
    return block(this, node, scope);
  }
  assign(target: Node, value: Value, scope: Scope): void {
    assign(this, target, value, scope);
  }
  call(callee: Value, args: Arguments, at: Node): Value {
    return callValue(this, callee, args, at);
  }
  step(): void {
    if (++this.steps > MOST_STEPS) throw new Exhausted();
  }
  unsure<T>(body: () => T): T {
    this.doubts++;
    try {
      return body();
    } finally {
      this.doubts--;
    }
  }
  within<T>(line: number, body: () => T): T | null {
    if (this.callers.length >= DEEPEST_CALL) return null;
    this.callers.push(line);
    try {
      return body();
    } finally {
      this.callers.pop();
    }
  }

  make(
    { library, className }: Extract<Known, { className: string }>,
    args: Arguments,
    at: Node,
  ): Built {
    if (this.built.length >= MOST_LAYERS) throw new Exhausted();
    const order = argumentNames(library, className);
    const argument = (name: string): Value | undefined =>
      args.named.get(name) ?? args.positional[order.indexOf(name)];
    const named = args.named.get("name");
    const made: Built = {
      library,
      className,
      named: named?.kind === "text" && !named.value.includes("*") ? named.value : null,
      line: lineOf(at),
      callers: [...this.callers],
      filters:
        FILTERS[library].map((name) => whole(argument(name))).find((n) => n !== null) ?? null,
      kernel: numbers(argument("kernel_size")),
      activation: activationOf(argument("activation")),
      sure: this.doubts === 0,
      order: this.built.length,
    };
    this.built.push(made);
    this.progress++;
    return made;
  }
  foundModel(value: Value, library: Library, at: Node): void {
    this.holders.push({ value, library, line: lineOf(at) });
    this.progress++;
  }
  noticed(path: string, args: Arguments, at: Node): void {
    const called = path.split(".").at(-1);
    const byName = args.named.get("loss") ?? args.positional[1];
    const loss = called === "compile" ? lossByName(byName, at) : lossOf(path, args, at);
    if (loss && !this.losses.some(({ node }) => node.id === loss.node.id)) this.losses.push(loss);
    const size = sizeOf(path, args, at);
    const same = (known: SizeUse): boolean =>
      known.span.line === size?.span.line && known.span.column === size.span.column;
    if (size && !this.sizes.some(same)) this.sizes.push(size);
  }
  saved(path: Value | undefined, at: Node): void {
    if (path?.kind !== "text" || /^\**$/.test(path.value)) return;
    // a checkpoint's name is filled in by the library: epoch_{epoch:02d}
    const pattern = path.value.replace(/\{[^}]*\}/g, "*");
    const line = lineOf(at);
    const same = this.saves.findIndex((known) => known.line === line);
    const before = this.saves[same]?.pattern;
    if (before === undefined) {
      this.saves.push({ pattern, line });
      this.progress++;
    } else this.saves[same] = { pattern: merged(before, pattern), line };
  }
}

/** `"softmax"` and `keras.activations.softmax` alike. */
function activationOf(value: Value | undefined): string | null {
  if (!value || value.kind === "none") return null;
  if (value.kind === "text" && !value.value.includes("*")) return value.value;
  if (value.kind === "name") return value.path.split(".").at(-1) ?? "?";
  return "?";
}

/** One line that writes several files, in a loop: what differs between their names is `*`. */
function merged(a: string, b: string): string {
  if (a === b) return a;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return `${a.slice(0, start)}*${a.slice(a.length - end)}`.replace(/\*+/g, "*");
}
