/** What an expression of Python stands for, as far as it can be told without running it. */
import type { Node } from "web-tree-sitter";
import type { Built } from "../script-layer.ts";

/** Names and what they stand for; a function sees those around it. */
export class Scope {
  private readonly names = new Map<string, Value>();

  constructor(private readonly outer: Scope | null = null) {}

  get(name: string): Value | null {
    return this.names.get(name) ?? this.outer?.get(name) ?? null;
  }
  /** Only what is defined here. */
  own(name: string): Value | null {
    return this.names.get(name) ?? null;
  }
  /** The name that stands for exactly this value. */
  nameOf(value: Value): string | null {
    for (const [name, held] of this.names) if (held === value) return name;
    return null;
  }
  set(name: string, value: Value): void {
    this.names.set(name, value);
  }
}

/** The arguments of a call, evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A function or method of the script. */
export interface FunctionValue {
  readonly kind: "function";
  /** A `function_definition` or a `lambda`. */
  readonly node: Node;
  readonly scope: Scope;
  /** What a method is bound to. */
  readonly self: Value | null;
  /** The class it is a method of, for `super()`. */
  readonly owner: ClassValue | null;
}
/** A class of the script. */
export interface ClassValue {
  readonly kind: "class";
  readonly name: string;
  readonly node: Node;
  readonly bases: readonly Value[];
  readonly members: Scope;
}
/** An object of a class of the script. */
export interface InstanceValue {
  readonly kind: "instance";
  readonly of: ClassValue;
  readonly line: number;
  readonly attributes: Map<string, Value>;
}
/** `Sequential`, `ModuleList`, `ModuleDict`: layers in order, each with its key in a state dict. */
export interface ContainerValue {
  readonly kind: "container";
  readonly built: Built;
  readonly children: Map<string, Value>;
}
/** A list, tuple or set: what was appended later is in it too. */
export interface ListValue {
  readonly kind: "list";
  readonly items: Value[];
}

/** What an expression stands for. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  /** `*` stands for parts that are not known. */
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "unknown" }
  | ListValue
  | { readonly kind: "dict"; readonly entries: Map<string, Value> }
  /** Something imported, by its full path: `torch.nn.Conv2d`. */
  | { readonly kind: "name"; readonly path: string }
  /** A method of a value that is no object of the script: `names.append`. */
  | { readonly kind: "method"; readonly of: Value; readonly name: string }
  | FunctionValue
  | ClassValue
  | InstanceValue
  | ContainerValue
  /** `super()` in a method of `owner`. */
  | { readonly kind: "super"; readonly self: Value; readonly owner: ClassValue }
  /** `functools.partial(callee, ...)` */
  | { readonly kind: "partial"; readonly callee: Value; readonly args: Arguments }
  | { readonly kind: "layer"; readonly built: Built }
  /** What a layer gives when it is called: the layers it came through. */
  | { readonly kind: "tensor"; readonly through: ReadonlySet<Built> };

/** What only a run of the script would tell. */
export const UNKNOWN: Value = { kind: "unknown" };
/** Python's `None`. */
export const NONE: Value = { kind: "none" };
/** An `int` or a `float`: both are doubles here. */
export const number = (value: number): Value => ({ kind: "number", value });
/** A `str`; `*` in it stands for parts that are not known. */
export const text = (value: string): Value => ({ kind: "text", value });
/** `True` or `False`. */
export const bool = (value: boolean): Value => ({ kind: "bool", value });
/** A list that holds `items` themselves, not a copy. */
export const list = (items: Value[]): Value => ({ kind: "list", items });

/** Whether Python takes it for true; null where that is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case "number":
      return value.value !== 0;
    case "text":
      return value.value.includes("*") ? null : value.value !== "";
    case "bool":
      return value.value;
    case "none":
      return false;
    case "list":
      return value.items.length > 0;
    case "dict":
      return value.entries.size > 0;
    case "unknown":
    case "tensor":
    case "name":
      return null;
    default:
      return true;
  }
}

/** How it reads inside a string; `*` where that is not known. */
export function shown(value: Value): string {
  if (value.kind === "text") return value.value;
  if (value.kind === "number") return String(value.value);
  if (value.kind === "bool") return value.value ? "True" : "False";
  return "*";
}

/** A whole number, or null. */
export const whole = (value: Value | undefined): number | null =>
  value?.kind === "number" && Number.isInteger(value.value) ? value.value : null;

/** `3` or `(3, 3)` as numbers; null where one is not known. */
export function numbers(value: Value | undefined): number[] | null {
  if (value?.kind === "number") return [value.value];
  if (value?.kind !== "list") return null;
  const items = value.items.map((item) => (item.kind === "number" ? item.value : null));
  return items.every((item) => item !== null) ? items : null;
}
