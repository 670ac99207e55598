/** The calls in a pickle that mean something: how PyTorch rebuilds tensors. Everything else becomes a named object. */
import {
  isDict,
  isGlobal,
  isSequence,
  isStorage,
  isTensor,
  PickleError,
  type Dict,
  type TensorRef,
  type Value,
} from "./values.ts";

type Rebuild = (args: readonly Value[]) => Value | undefined;

/** More axes than any tensor of PyTorch can have. */
const MAX_RANK = 64;

function numbers(value: Value | undefined): number[] {
  const items = isSequence(value) ? value.items : null;
  if (!items || items.length > MAX_RANK || !items.every((item) => typeof item === "number"))
    throw new PickleError("a tensor whose shape is no list of numbers");
  return items;
}

/** (storage, offset, shape, strides, requires_grad, ...); `type` where the storage is only bytes. */
function tensor(args: readonly Value[], type?: string): TensorRef {
  const [storage, offset, shape, strides, requiresGrad] = args;
  if (!isStorage(storage) || typeof offset !== "number")
    throw new PickleError("a tensor without a storage");
  const element = type ?? storage.type;
  if (element === null) throw new PickleError("a tensor without an element type");
  return {
    ...{ kind: "tensor", storage, type: element, offset },
    ...{ shape: numbers(shape), strides: numbers(strides), requiresGrad: requiresGrad === true },
  };
}

const dict = (items: Value | undefined): Dict => {
  const entries = new Map<Value, Value>();
  if (isDict(items)) for (const [key, value] of items.entries) entries.set(key, value);
  if (isSequence(items))
    for (const pair of items.items)
      if (isSequence(pair)) entries.set(pair.items[0] ?? null, pair.items[1] ?? null);
  return { kind: "dict", entries };
};

const inner: Rebuild = ([value]) => (isTensor(value) ? value : undefined);
const dtypeOf = (value: Value | undefined): string => {
  if (!isGlobal(value) || !value.name.startsWith("torch."))
    throw new PickleError("a tensor without an element type");
  return value.name.slice("torch.".length);
};

const REBUILDS: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ["collections.OrderedDict", ([items]) => dict(items)],
  ["collections.defaultdict", ([, items]) => dict(items)],
  ["builtins.dict", ([items]) => dict(items)],
  ["__builtin__.dict", ([items]) => dict(items)],
  ["torch.Size", ([items]) => (isSequence(items) ? items : undefined)],
  [
    "torch._utils._rebuild_tensor",
    ([storage, ...rest]) => tensor([storage ?? null, ...rest.slice(0, 3)]),
  ],
  ["torch._utils._rebuild_tensor_v2", (args) => tensor(args)],
  ["torch._utils._rebuild_tensor_v3", (args) => tensor(args, dtypeOf(args[6]))],
  [
    "torch._utils._rebuild_parameter",
    ([value, requiresGrad]) =>
      isTensor(value) ? { ...value, requiresGrad: requiresGrad !== false } : undefined,
  ],
  ["torch._utils._rebuild_parameter_with_state", inner],
  [
    // (function, type, arguments, state): a tensor with attributes of its own
    "torch._tensor._rebuild_from_type_v2",
    ([what, , args]) =>
      isGlobal(what) && what.name.startsWith("torch._utils.")
        ? call(what, args ?? null)
        : undefined,
  ],
]);

/** What `what(*args)` describes. Nothing is called. */
export function call(what: Value, args: Value): Value {
  const items = isSequence(args) ? args.items : [];
  const name = isGlobal(what) ? what.name : "?";
  const rebuilt = REBUILDS.get(name)?.(items);
  if (rebuilt !== undefined) return rebuilt;
  return {
    ...{ kind: "object", className: name, args, state: null },
    held: { kind: "dict", entries: new Map() },
  };
}
