/** A pickled module tree -> its tensors and the classes of its modules. */
import { isStatistic } from "../tensors/layers.ts";
import {
  isDict,
  isTensor,
  isThing,
  type TensorRef,
  type Thing,
  type Value,
} from "./pickle/values.ts";

/** A parameter or a buffer by its name in the module: `layer1.0.conv1.weight`. */
export interface Parameter {
  readonly name: string;
  readonly tensor: TensorRef;
  readonly trainable: boolean;
}
/** A module or a state dict in a file, which may be the network. */
export interface Found {
  /** Keys that lead to it. */
  readonly path: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Class names by module path; empty where there are only names. */
  readonly classes: ReadonlyMap<string, string>;
  /** The pickled module that it is, where it is one. */
  readonly module?: Thing;
}

const MAX_DEPTH = 100;

/** The entries of a dict whose keys are text, in the order of the file; none of what is no dict. */
export const entriesOf = (value: Value | undefined): readonly (readonly [string, Value])[] =>
  isDict(value)
    ? [...value.entries].filter((entry): entry is [string, Value] => typeof entry[0] === "string")
    : [];

/** An attribute of an object (its `__dict__`); undefined where it has none of that name. */
export const attribute = (thing: Thing, name: string): Value | undefined =>
  isDict(thing.state) ? thing.state.entries.get(name) : undefined;

/** `torch.nn.Module` keeps tensors and children in dicts; TorchScript keeps both as attributes, under names of its own. */
export function isModule(value: Value | undefined): value is Thing {
  if (!isThing(value)) return false;
  return isDict(attribute(value, "_modules")) || value.className.startsWith("__torch__.");
}

/** Parameters, buffers and classes of a module tree, in the order of the file. */
export function readModule(root: Thing, path: readonly string[]): Found {
  const parameters: Parameter[] = [];
  const classes = new Map<string, string>();
  const visiting = new Set<Thing>();
  const visit = (module: Thing, name: string): void => {
    // a module that holds itself, or nests without end, is no network
    if (visiting.has(module) || visiting.size >= MAX_DEPTH) return;
    visiting.add(module);
    classes.set(name, className(module));
    for (const [key, value, trainable] of membersOf(module)) {
      const full = name === "" ? key : `${name}.${key}`;
      if (isTensor(value))
        parameters.push({ name: full, tensor: value, trainable: trainable ?? value.requiresGrad });
      else if (isModule(value)) visit(value, full);
    }
    visiting.delete(module);
  };
  visit(root, "");
  return { path, parameters, classes, module: root };
}

/** With whether it is trained, where the file tells. */
function membersOf(module: Thing): (readonly [string, Value, boolean | null])[] {
  const held = (name: string): readonly (readonly [string, Value])[] =>
    entriesOf(attribute(module, name));
  if (!isDict(attribute(module, "_modules")))
    return entriesOf(module.state).map(([key, value]) => [key, value, null] as const);
  return [
    ...held("_parameters").map(([key, value]) => [key, value, null] as const),
    ...held("_buffers").map(([key, value]) => [key, value, false] as const),
    ...held("_modules").map(([key, value]) => [key, value, null] as const),
  ];
}

/** `__torch__.torch.nn.modules.conv.___torch_mangle_22.Conv2d` -> `Conv2d` */
const className = ({ className: full }: Thing): string => full.slice(full.lastIndexOf(".") + 1);

/** A dict with tensors in it: a state dict. */
export function readStateDict(
  entries: readonly (readonly [string, Value])[],
  path: readonly string[],
): Found {
  const parameters = entries.flatMap(([name, tensor]): Parameter[] =>
    isTensor(tensor) ? [{ name, tensor, trainable: !isStatistic(name) }] : [],
  );
  return { path, parameters, classes: new Map() };
}
