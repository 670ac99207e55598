import { call } from "./calls.ts";
import type { PickleStream } from "./stream.ts";
import {
  isDict,
  isSequence,
  isThing,
  PickleError,
  type Dict,
  type Sequence,
  type Value,
} from "./values.ts";

/** Beyond these no network was ever saved; they bound time and memory whatever the file says. */
const MAX_STEPS = 4_000_000;
const MAX_OBJECTS = 300_000;
const MAX_MEMO = 400_000;
const MAX_MARKS = 500;

/** Gives a persistent id (a storage) its value. */
export type Persistent = (id: Value) => Value;

/**
 * Reads one pickle, opcode by opcode, into inert values. It is a reader, not an unpickler: names of classes and functions stay
 * names, and of the calls only those in `calls.ts` (how PyTorch rebuilds a tensor) mean anything. Throws a PickleError.
 */
export class Machine {
  private stack: Value[] = [];
  private readonly below: Value[][] = [];
  private readonly memo = new Map<number, Value>();
  private objects = 0;

  constructor(
    readonly stream: PickleStream,
    readonly persistent: Persistent,
  ) {}

  /** `operations`: what each opcode does. */
  run(operations: ReadonlyMap<number, (machine: Machine) => void>): Value {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const code = this.stream.u8();
      if (code === 0x2e) return this.pop(); // STOP
      const operation = operations.get(code);
      if (!operation)
        throw new PickleError(`opcode 0x${code.toString(16).padStart(2, "0")}, which is not read`);
      operation(this);
    }
    throw new PickleError("more steps than any network needs");
  }

  push(value: Value): void {
    if (typeof value === "object" && value !== null && ++this.objects > MAX_OBJECTS)
      throw new PickleError("more objects than any network has");
    this.stack.push(value);
  }
  pop(): Value {
    const value = this.stack.pop();
    if (value === undefined) throw new PickleError("its stack runs empty");
    return value;
  }
  top(): Value {
    const value = this.stack.at(-1);
    if (value === undefined) throw new PickleError("its stack runs empty");
    return value;
  }

  mark(): void {
    if (this.below.length >= MAX_MARKS) throw new PickleError("it nests without end");
    this.below.push(this.stack);
    this.stack = [];
  }
  /** What lies above the last mark, which is removed. */
  popMark(): Value[] {
    const above = this.stack;
    const below = this.below.pop();
    if (!below) throw new PickleError("it has no mark");
    this.stack = below;
    return above;
  }

  put(index: number): void {
    if (this.memo.size >= MAX_MEMO) throw new PickleError("more memory than any network needs");
    this.memo.set(index, this.top());
  }
  memoize(): void {
    this.put(this.memo.size);
  }
  get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new PickleError("it refers to what it has not made");
    this.stack.push(value);
  }

  sequence(kind: Sequence["kind"], items: Value[]): void {
    this.push({ kind, items });
  }
  dict(items: readonly Value[]): void {
    const dict: Dict = { kind: "dict", entries: new Map() };
    setAll(dict, items);
    this.push(dict);
  }
  /** Key, value, key, value, ... into the dict below. */
  setItems(items: readonly Value[]): void {
    const target = this.top();
    if (isDict(target)) setAll(target, items);
    else if (isThing(target)) setAll(target.held, items);
  }
  append(items: readonly Value[]): void {
    const target = this.top();
    if (isSequence(target)) for (const item of items) target.items.push(item);
  }
  reduce(): void {
    const args = this.pop();
    this.push(call(this.pop(), args));
  }
  /** State of an object; that of a dict (the version numbers in a state dict) or a tensor is passed over. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (isThing(target)) target.state = state;
  }
}

function setAll({ entries }: Dict, items: readonly Value[]): void {
  for (let i = 0; i + 1 < items.length; i += 2) entries.set(items[i] ?? null, items[i + 1] ?? null);
}
