/** Which argument of an aten operator each value of a call is: by PyTorch's own schemas. */
import { Unsupported } from "../lower/unsupported.ts";
import { isArgs, isRef, type Arg } from "../pt2/schema.ts";
import { SCHEMAS } from "./schemas.ts";

interface Parameter {
  readonly type: string;
  readonly name: string;
  readonly optional: boolean;
  readonly named: boolean;
}

function parametersOf(schema: string): Parameter[] {
  let named = false;
  return schema.split(", ").flatMap((text): Parameter[] => {
    if (text === "*") {
      named = true;
      return [];
    }
    const [type = "", own = ""] = text.split(" ");
    return [{ type, name: own.replace("=", ""), optional: own.endsWith("="), named }];
  });
}

/** c10::ScalarType */
const TYPES: Readonly<Record<number, string>> = { 0: "uint8", 1: "int8", 2: "int16", 3: "int32", 4: "int64", 5: "float16", 6: "float32", 7: "float64", 9: "complex64", 10: "complex128", 11: "bool", 15: "bfloat16" }; // prettier-ignore
/** The number that TorchScript's code has for a type of elements. */
export function codeOf(type: string): number {
  const found = Object.entries(TYPES).find(([, name]) => name === type);
  if (!found) throw new RangeError(`${type} is no type of elements`);
  return Number(found[0]);
}

/** Whether a value can be an argument of a type; `loose`: numbers for tensors, and single numbers for lists. */
function fits(type: string, value: Arg, loose: boolean): boolean {
  if (value === null) return type.endsWith("?");
  const plain = type.replace(/\?$/, "");
  if (plain.endsWith("[]"))
    return isArgs(value)
      ? value.every((item) => item === null || fits(plain.slice(0, -2), item, loose))
      : loose && fits(plain.slice(0, -2), value, false);
  switch (plain) {
    case "Tensor":
      return isRef(value) || (loose && ["number", "boolean"].includes(typeof value));
    case "bool":
      return typeof value === "boolean";
    case "str":
    case "Device":
      return typeof value === "string";
    case "int":
    case "float":
    case "Scalar":
    case "ScalarType":
    case "Layout":
    case "MemoryFormat":
      return typeof value === "number" || typeof value === "boolean" || (loose && isRef(value));
    default:
      // a generator of random numbers, or a type that no schema here has
      return false;
  }
}

function matched(
  parameters: readonly Parameter[],
  args: readonly Arg[],
  named: ReadonlyMap<string, Arg>,
  loose: boolean,
): Record<string, Arg> | null {
  const inOrder = parameters.filter((parameter) => !parameter.named);
  if (args.length > inOrder.length) return null;
  const found: Record<string, Arg> = {};
  for (const parameter of parameters) {
    const at = inOrder.indexOf(parameter);
    const value = at >= 0 && at < args.length ? args[at] : named.get(parameter.name);
    if (value === undefined) {
      if (!parameter.optional) return null;
      continue;
    }
    const whole = parameter.optional && value === null;
    if (!whole && !fits(parameter.type, value, loose)) return null;
    const isType = parameter.type.startsWith("ScalarType") || parameter.name === "dtype";
    found[parameter.name] = isType && typeof value === "number" ? (TYPES[value] ?? "?") : value;
  }
  for (const name of named.keys())
    if (!parameters.some((parameter) => parameter.name === name)) return null;
  return found;
}

/** A call of an operator with its arguments by name. */
export interface AtenCall {
  readonly operation: string;
  readonly args: Readonly<Record<string, Arg>>;
}

/**
 * `torch.NAME(...)` as a call by name; an operator that has no schema here keeps its arguments in order. Throws `Unsupported` where no
 * form of the operator takes them.
 */
export function atenCall(
  name: string,
  args: readonly Arg[],
  named: ReadonlyMap<string, Arg>,
): AtenCall {
  const base = name.endsWith("_") && !name.endsWith("__") ? name.slice(0, -1) : name;
  const forms = Object.hasOwn(SCHEMAS, base) ? SCHEMAS[base] : undefined;
  if (!forms)
    return {
      operation: name,
      args: Object.fromEntries([
        ...args.map((arg, i) => [`argument ${i}`, arg] as const),
        ...named,
      ]),
    };
  for (const loose of [false, true])
    for (const form of forms) {
      const found = matched(parametersOf(form), args, named, loose);
      if (found)
        return { operation: "split_sizes" in found ? "split_with_sizes" : name, args: found };
    }
  throw new Unsupported(`'${name}' is called in a form that is not known`);
}
