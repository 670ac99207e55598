/** A module of a pickle: its class by name, its settings, its parameters, its children in order. Nothing of it runs. */
import type { Ref } from "../pt2/schema.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { attribute, entriesOf, isModule } from "../pytorch/modules.ts";
import {
  isDict,
  isSequence,
  isTensor,
  type TensorRef,
  type Thing,
  type Value,
} from "../pytorch/pickle/values.ts";

/** A setting: numbers, texts, lists of them. */
export type Setting = null | boolean | number | string | readonly Setting[];

export class Module {
  /** Its class with its package: `torch.nn.modules.conv.Conv2d`. */
  readonly className: string;

  constructor(
    private readonly thing: Thing,
    /** Its dotted place in the network; '' for the network. */
    readonly path: string,
  ) {
    this.className = thing.className;
  }

  /** `Conv2d` */
  get shortName(): string {
    return this.className.slice(this.className.lastIndexOf(".") + 1);
  }

  /** Children by name, in the order of the file. */
  get children(): readonly (readonly [string, Module])[] {
    return entriesOf(attribute(this.thing, "_modules")).flatMap(([name, value]) =>
      isModule(value)
        ? [[name, new Module(value, this.path === "" ? name : `${this.path}.${name}`)] as const]
        : [],
    );
  }
  /** Throws `Unsupported` where there is none of that name. */
  child(name: string): Module {
    const found = this.optional(name);
    if (found) return found;
    throw new Unsupported(`'${this.path}' has no '${name}'`);
  }
  optional(name: string): Module | null {
    return this.children.find(([own]) => own === name)?.[1] ?? null;
  }

  /** A parameter or buffer; null where there is none. */
  tensor(name: string): TensorRef | null {
    for (const held of ["_parameters", "_buffers"]) {
      const value = entriesOf(attribute(this.thing, held)).find(([own]) => own === name)?.[1];
      if (isTensor(value)) return value;
    }
    const own = attribute(this.thing, name);
    return isTensor(own) ? own : null;
  }
  trains(name: string): boolean {
    return entriesOf(attribute(this.thing, "_parameters")).some(([own]) => own === name);
  }

  /** A setting; undefined where the file has none of that name, or what is no setting. */
  setting(name: string): Setting | undefined {
    return settingOf(attribute(this.thing, name));
  }
  number(name: string, fallback: number): number {
    const found = this.setting(name);
    return typeof found === "number" ? found : typeof found === "boolean" ? +found : fallback;
  }
  flag(name: string, fallback: boolean): boolean {
    const found = this.setting(name);
    return typeof found === "boolean" ? found : typeof found === "number" ? found !== 0 : fallback;
  }
  text(name: string, fallback: string): string {
    const found = this.setting(name);
    return typeof found === "string" ? found : fallback;
  }
  /** What is a dict, as it is in the file. */
  raw(name: string): Value | undefined {
    return attribute(this.thing, name);
  }

  /** Code that a class hangs onto its call: what it does is not known. */
  get hooked(): boolean {
    return ["_forward_hooks", "_forward_pre_hooks"].some((name) => {
      const hooks = attribute(this.thing, name);
      return isDict(hooks) && hooks.entries.size > 0;
    });
  }
}

const MAX_DEPTH = 8;
function settingOf(value: Value | undefined, depth = 0): Setting | undefined {
  if (value === undefined || typeof value === "bigint") return undefined;
  if (value === null || typeof value !== "object") return value;
  if (!isSequence(value) || depth > MAX_DEPTH) return undefined;
  const items = value.items.map((item) => settingOf(item, depth + 1));
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** What calls a module of a known class, and what it gives. */
export type Forward = (module: Module, inputs: readonly Ref[], walk: Walk) => Ref;
/** What a class needs of the network around it. */
export interface Walk {
  /** Calls an operator by aten's names; the first of what it makes. */
  op(operation: string, args: Readonly<Record<string, Argument>>): Ref;
  /** All that an operator with several outputs makes. */
  ops(operation: string, args: Readonly<Record<string, Argument>>): readonly Ref[];
  /** Counts a value among the outputs of the network, behind what it gives. */
  also(ref: Ref): void;
  /** Calls a module. */
  run(module: Module, ...inputs: readonly Ref[]): Ref;
  /** A parameter or buffer of a module; null where it has none of that name. */
  tensor(module: Module, name: string): Ref | null;
  /** Sizes, the free batch as BATCH. Throws `Unsupported` where they are not known. */
  shape(ref: Ref): readonly number[];
  /** Small numbers that are stored. Throws `Unsupported` where they are not known. */
  numbers(ref: Ref): readonly number[];
}
export type Argument = Setting | Ref | readonly (Ref | null)[];
/** Forwards by the class' name. */
export type Classes = Readonly<Record<string, Forward>>;
