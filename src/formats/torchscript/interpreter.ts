/** Follows TorchScript's code: what it calls of torch is written down, what it decides by sizes and constants is decided. Nothing runs. */
import type { Recorder, Scope } from "../aten/recorder.ts";
import { refsIn, Unbounded } from "../aten/recorder.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { atenCall, codeOf } from "./arguments.ts";
import type { Code } from "./code.ts";
import { HOST, itemOf } from "./host.ts";
import type { Argument, Expression, Routine, Statement } from "./syntax.ts";
import {
  asArg,
  asKnown,
  isGlobal,
  isInstance,
  isTensorName,
  numberOf,
  type Instance,
  type Known,
} from "./values.ts";

/** Bounds on what code can make of us: statements and expressions in all, and calls inside calls. */
const MAX_STEPS = 3_000_000;
const MAX_DEPTH = 150;

type Names = Map<string, Known>;
/** What a statement that returns gives; null for one that goes on. */
type Returned = { readonly value: Known } | null;

export class Interpreter {
  private steps = 0;
  private depth = 0;
  private calls = 0;
  private scope: Scope | null = null;

  constructor(
    private readonly code: Code,
    private readonly recorder: Recorder,
    private readonly constants: readonly Known[],
  ) {}

  /** Calls a method of an object. Throws `Unsupported` for what cannot be followed. */
  method(of: Instance, name: string, args: readonly Known[], named: Names = new Map()): Known {
    const found = this.code.classOf(of.className)?.methods.get(name);
    if (!found) throw new Unsupported(`'${of.className}' has no code for '${name}'`);
    return this.routine(found, [of, ...args], named);
  }

  /** A module's forward is a layer of its own; where its code cannot be followed, it is opaque. */
  private forward(of: Instance, name: string, args: readonly Known[], named: Names): Known {
    const outer = this.scope;
    const { path } = of;
    const className = of.className
      .replace(/^__torch__\./, "")
      .replaceAll(/___torch_mangle_\d+\./g, "");
    this.scope = { key: `${path}@${this.calls++}`, path, className };
    try {
      return this.method(of, name, args, named);
    } catch (error) {
      if (!(error instanceof Unsupported) || error instanceof Unbounded) throw error;
      const given = args.flatMap((arg) => refsIn(tensorsOf(arg)));
      return this.recorder.opaque(
        given,
        `its code is not understood: ${error.message}`,
        this.scope,
      );
    } finally {
      this.scope = outer;
    }
  }

  private routine({ args, body }: Routine, given: readonly Known[], named: Names): Known {
    if (++this.depth > MAX_DEPTH) throw new Unbounded("its calls nest without end");
    try {
      const names: Names = new Map();
      args.forEach((arg, i) => {
        names.set(arg.name, this.given(arg, i < given.length ? given[i] : named.get(arg.name)));
      });
      return this.block(body, names)?.value ?? null;
    } finally {
      this.depth--;
    }
  }
  private given({ name, fallback }: Argument, value: Known | undefined): Known {
    if (value !== undefined) return value;
    if (fallback) return this.value(fallback, new Map());
    throw new Unsupported(`its argument '${name}' is missing`);
  }

  private step(): void {
    if (++this.steps > MAX_STEPS) throw new Unbounded("its code takes more steps than any network");
  }

  private block(body: readonly Statement[], names: Names): Returned {
    for (const statement of body) {
      const returned = this.statement(statement, names);
      if (returned) return returned;
    }
    return null;
  }

  private statement(statement: Statement, names: Names): Returned {
    this.step();
    switch (statement.kind) {
      case "assign":
        this.assign(statement.target, this.value(statement.value, names), names);
        return null;
      case "expression":
        this.value(statement.value, names);
        return null;
      case "return":
        return { value: statement.value ? this.value(statement.value, names) : null };
      case "if":
        return this.block(
          this.truth(this.value(statement.test, names)) ? statement.yes : statement.no,
          names,
        );
      case "for": {
        const over = this.value(statement.over, names);
        if (!Array.isArray(over)) throw new Unsupported("it loops over what is not known");
        for (const item of over) {
          this.assign(statement.target, item, names);
          const returned = this.block(statement.body, names);
          if (returned) return returned;
        }
        return null;
      }
      case "while": {
        while (this.truth(this.value(statement.test, names))) {
          this.step();
          const returned = this.block(statement.body, names);
          if (returned) return returned;
        }
        return null;
      }
      case "with":
        return this.block(statement.body, names);
      case "raise":
        throw new Unsupported("it raises an error for these inputs");
    }
  }

  private assign(target: Expression, value: Known, names: Names): void {
    if (target.kind === "name") names.set(target.name, value);
    else if (target.kind === "tuple" || target.kind === "list")
      target.items.forEach((item, i) => {
        // what an opaque layer gives is one name for all its outputs
        this.assign(item, isTensorName(value) ? this.part(value, i) : itemOf(value, i), names);
      });
    else if (target.kind === "attribute") {
      const of = this.value(target.of, names);
      if (!isInstance(of)) throw new Unsupported("it sets an attribute of what is no object");
      of.attributes.set(target.name, value);
    } else if (target.kind === "index")
      HOST["_set_item"]?.([this.value(target.of, names), this.value(target.at, names), value]);
    else throw new Unsupported("it assigns to what is no name");
  }
  private part(tensor: Known, index: number): Known {
    if (!isTensorName(tensor) || !this.recorder.isComputed(tensor)) return tensor;
    return this.recorder.one("select", { self: tensor, dim: 0, index }, this.scope);
  }

  private truth(value: Known): boolean {
    if (isTensorName(value)) return numberOf(this.plain(value)) !== 0;
    if (Array.isArray(value)) return value.length > 0;
    return Boolean(value);
  }
  /** A tensor of one number, where it is known, as that number. */
  private plain(value: Known): Known {
    if (!isTensorName(value)) return value;
    const { data, type } = this.recorder.numbers(value);
    const [only] = data;
    if (only === undefined || data.length > 1)
      throw new Unsupported("it takes a tensor for a number");
    return type === "bool" ? only !== 0 : only;
  }

  private value(expression: Expression, names: Names): Known {
    this.step();
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "name": {
        const found = names.get(expression.name);
        return found === undefined ? { kind: "global", name: expression.name } : found;
      }
      case "attribute":
        return this.attribute(this.value(expression.of, names), expression.name);
      case "call":
        return this.call(expression, names);
      case "index": {
        const of = this.value(expression.of, names);
        if (isTensorName(of)) return this.part(of, Number(this.value(expression.at, names)));
        // a type with its own types behind it
        return isGlobal(of) ? of : itemOf(of, this.value(expression.at, names));
      }
      case "list":
      case "tuple":
        return expression.items.map((item) => this.value(item, names));
      case "dict":
        return new Map(
          expression.entries.map(([key, item]) => [
            this.value(key, names),
            this.value(item, names),
          ]),
        );
      case "choice":
        return this.value(
          this.truth(this.value(expression.test, names)) ? expression.yes : expression.no,
          names,
        );
      case "not":
        return !this.truth(this.value(expression.of, names));
      case "negative": {
        const own = numberOf(this.value(expression.of, names));
        if (own === null) throw new Unsupported("it negates what is no number");
        return -own;
      }
      case "and":
      case "or": {
        const left = this.truth(this.value(expression.left, names));
        if (left === (expression.kind === "or")) return left;
        return this.truth(this.value(expression.right, names));
      }
    }
  }

  private attribute(of: Known, name: string): Known {
    if (isGlobal(of)) {
      if (of.name === "CONSTANTS") return this.constants[Number(name.slice(1))] ?? null;
      return { kind: "global", name: `${of.name}.${name}` };
    }
    if (isInstance(of)) {
      // a network that was saved while it was trained is shown as it is used
      if (name === "training") return false;
      const own = of.attributes.get(name);
      if (own !== undefined) return own;
      const constant = this.code.classOf(of.className)?.constants.get(name);
      if (constant) return this.value(constant, new Map());
    }
    if (of instanceof Map && of.has(name)) return of.get(name) ?? null;
    throw new Unsupported(`it reads '${name}' of what has none`);
  }

  private call(call: Expression & { kind: "call" }, names: Names): Known {
    const { callee } = call;
    const args = (): Known[] => call.args.map((arg) => this.value(arg, names));
    const named = (): Names =>
      new Map(call.named.map(([key, arg]) => [key, this.value(arg, names)]));
    if (callee.kind === "attribute") {
      const of = this.value(callee.of, names);
      if (isInstance(of)) {
        const inside = of.path === (this.scope?.path ?? "");
        const given = args();
        return inside
          ? this.method(of, callee.name, given, named())
          : this.forward(of, callee.name, given, named());
      }
    }
    const what = this.value(callee, names);
    if (!isGlobal(what)) throw new Unsupported("it calls what is no function");
    const type = call.args[0];
    switch (what.name) {
      case "annotate":
      case "unchecked_cast": {
        const value = this.value(call.args[1] ?? callee, names);
        const isNumber = type?.kind === "name" && ["int", "float", "bool", "number"].includes(type.name); // prettier-ignore
        return isNumber ? this.plain(value) : value;
      }
      case "uninitialized":
        return null;
      case "isinstance":
        return isOf(this.value(call.args[0] ?? callee, names), call.args[1]);
      case "getattr":
        return this.attribute(this.value(call.args[0] ?? callee, names), textOf(args()[1]));
      default:
        return this.global(what.name, args(), named());
    }
  }

  private global(name: string, args: Known[], named: Names): Known {
    const [first = null] = args;
    switch (name) {
      case "int":
      case "torch.Int":
      case "torch.IntImplicit":
        return Math.trunc(numberOf(this.plain(first)) ?? Number.NaN);
      case "float":
      case "torch.Float":
      case "torch.FloatImplicit":
      case "torch.ScalarImplicit":
      case "torch.item":
        return first === "inf" ? Infinity : first === "-inf" ? -Infinity : this.plain(first);
      case "bool":
      case "torch.Bool":
        return this.truth(first);
      case "str":
      case "torch.str":
        return typeof first === "string" ? first : String(numberOf(first));
      case "range":
        return ranged(args.map((arg) => numberOf(this.plain(arg)) ?? Number.NaN));
      case "ops.prim.RaiseException":
      case "Exception":
        throw new Unsupported("it raises an error for these inputs");
      case "torch.device":
        return "cpu";
      case "torch.tensor":
        return first;
    }
    const routine = name.startsWith("__torch__.") ? this.code.routine(name) : null;
    if (routine) return this.routine(routine, args, named);
    if (name.startsWith("__torch__.")) return this.made(name, args);
    const prim = /^ops\.prim\.(\w+)$/.exec(name)?.[1];
    const aten = /^(?:torch|ops\.aten)\.(\w+)$/.exec(name)?.[1];
    const own = prim ?? aten;
    if (own !== undefined) {
      const known = Object.hasOwn(HOST, own) ? HOST[own]?.(args) : undefined;
      if (known !== undefined) return known;
    }
    if (isTensorName(first)) {
      const found = this.ofTensor(own ?? "", first, args);
      if (found !== undefined) return found;
    }
    if (aten === undefined) return this.foreign(name, args);
    const given = new Map([...named].map(([key, value]) => [key, asArg(value)] as const));
    const { operation, args: byName } = atenCall(aten, args.map(asArg), given);
    return asKnown(this.recorder.call(operation, byName, this.scope));
  }

  /** What is asked of a tensor and is no operator. */
  private ofTensor(name: string, tensor: Known, args: readonly Known[]): Known | undefined {
    if (!isTensorName(tensor)) return undefined;
    const shape = (): readonly number[] => this.recorder.shape(tensor);
    switch (name) {
      case "size":
        return args.length > 1 ? itemOf([...shape()], args[1] ?? null) : [...shape()];
      case "sizes":
      case "shape":
        return [...shape()];
      case "dim":
      case "ndim":
        return shape().length;
      case "len":
        return shape()[0] ?? 0;
      case "numel":
        return shape().reduce((product, size) => numberOf(HOST["mul"]?.([product, size])) ?? 0, 1);
      case "dtype":
        return codeOf(
          { float32: "float32", int32: "int64", bool: "bool" }[this.recorder.dtype(tensor)],
        );
      case "device":
        return "cpu";
      case "layout":
      case "get_device":
        return 0;
      case "is_floating_point":
        return this.recorder.dtype(tensor) === "float32";
      case "is_complex":
      case "is_cuda":
      case "is_quantized":
      case "is_mkldnn":
      case "is_sparse":
      case "is_nested":
        return false;
      case "requires_grad":
        return true;
      case "data":
      case "cpu":
      case "cuda":
        return tensor;
      default:
        return undefined;
    }
  }

  /** A named tuple, by its attributes. */
  private made(name: string, args: readonly Known[]): Known {
    const found = this.code.classOf(name);
    if (!found || found.methods.size > 0) throw new Unsupported(`it makes an object of '${name}'`);
    return new Map([...found.types.keys()].map((key, i) => [key, args[i] ?? null]));
  }

  /** An operator of another library: shown, and not understood. */
  private foreign(name: string, args: readonly Known[]): Known {
    if (!/^ops\.\w+\.\w+$/.test(name)) throw new Unsupported(`'${name}' is not understood`);
    const given = args.flatMap((arg) => refsIn(tensorsOf(arg)));
    const own = name.replace(/^ops\./, "");
    return this.recorder.opaque(given, `the operation '${own}' is not understood`, this.scope);
  }
}

function ranged(bounds: readonly number[]): Known[] {
  const [first = Number.NaN, second, step = 1] = bounds;
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const length = Math.ceil((end - start) / step);
  if (!(length <= MAX_LOOP)) throw new Unsupported("it loops a number of times that is not known");
  return Array.from({ length: Math.max(0, length) }, (_, i) => start + i * step);
}
const MAX_LOOP = 10_000;

function textOf(value: Known | undefined): string {
  if (typeof value === "string") return value;
  throw new Unsupported("it reads an attribute whose name is no text");
}

/** The tensors among what a call is given. */
const tensorsOf = (value: Known): ReturnType<typeof asArg> => {
  if (Array.isArray(value)) return value.map(tensorsOf);
  if (value instanceof Map) return [...value.values()].map(tensorsOf);
  return isTensorName(value) ? value : null;
};

function isOf(value: Known, type: Expression | undefined): boolean {
  const name = type?.kind === "name" ? type.name : type?.kind === "index" && type.of.kind === "name" ? type.of.name : ""; // prettier-ignore
  switch (name) {
    case "Tensor":
      return isTensorName(value);
    case "List":
    case "Tuple":
    case "list":
    case "tuple":
      return Array.isArray(value);
    case "Dict":
      return value instanceof Map;
    case "int":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number" && !Number.isInteger(value);
    case "bool":
      return typeof value === "boolean";
    case "str":
      return typeof value === "string";
    case "NoneType":
      return value === null;
    default:
      throw new Unsupported("it asks for a type that is not known");
  }
}
