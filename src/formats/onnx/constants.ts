import type { Network, Parameter, Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { TensorData } from "../../base/tensor.ts";
import { sizeOf } from "../../base/tensor.ts";
import { floats, ints } from "../lower/index.ts";
import type { Environment } from "./environment.ts";
import type { Attribute, OnnxGraph } from "./proto.ts";
import { dtypeOf, isReadable, storedName, type StoredTensor } from "./tensor.ts";

/** Constants up to this many numbers are known while the file is read: they may decide shapes. */
const SMALL = 64;

/** What the file stores: initialisers, and the tensors of its nodes. */
export class Constants {
  /** How the numbers of a parameter are stored, by its name. */
  private readonly types = new Map<string, string>();
  private readonly refs = new Set<string>();

  constructor(
    private readonly network: Network,
    private readonly read: (tensor: StoredTensor) => TensorData,
  ) {}

  storedType(parameter: string): string {
    return this.types.get(parameter) ?? "float32";
  }

  /** Names the parameters of a graph. */
  define({ initializers, sparse }: OnnxGraph, names: Environment): void {
    for (const tensor of initializers)
      names.set(tensor.name, {
        value: this.parameter(tensor, tensor.name),
        layer: null,
        unknown: null,
      });
    for (const name of sparse)
      names.set(name, { value: null, layer: null, unknown: `sparse parameter ${name}` });
  }

  /** The value of a `Constant` node. */
  ofNode(attributes: ReadonlyMap<string, Attribute>, node: string): Value {
    const [attribute] = attributes.values();
    if (!attribute) throw new Unsupported("it has no value");
    return this.value(attribute, node);
  }
  /** A tensor, a number or a list in an attribute of `node`. */
  value({ tensor, float, int, floats: reals, ints: whole }: Attribute, node: string): Value {
    if (tensor) return this.tensor(tensor, node);
    if (float !== undefined) return floats([float], []);
    if (int !== undefined) return ints([int], []);
    if (reals.length > 0) return floats(reals);
    if (whole.length > 0) return ints(whole);
    throw new Unsupported("its constant is not a tensor of numbers");
  }
  private tensor(tensor: StoredTensor, node: string): Value {
    if (!isReadable(tensor)) throw new Unsupported(`it is stored as ${storedName(tensor.type)}`);
    const parameter = this.parameter(tensor, tensor.name || node, node);
    const cells = sizeOf(tensor.shape);
    if (cells > SMALL) return parameter;
    const { shape, data, dtype } = parameter.read();
    const type = dtype === "float32" ? "float" : dtype === "bool" ? "bool" : "int";
    const numbers = { kind: "numbers", shape, data: Array.from(data), type } as const;
    return type === "float" && shape.length > 0 && cells > 1
      ? this.network.keep(numbers, parameter)
      : numbers;
  }

  private parameter(tensor: StoredTensor, name: string, address = name): Parameter {
    this.types.set(name, storedName(tensor.type));
    const { shape } = tensor;
    return {
      kind: "parameter",
      name,
      ref: this.unique(address),
      shape,
      fileShape: shape,
      dtype: dtypeOf(tensor.type),
      read: () => this.read(tensor),
    };
  }
  /** Nodes and initialisers may have the same names. */
  private unique(address: string): string {
    let ref = address;
    for (let i = 1; this.refs.has(ref); i++) ref = `${address}:${i}`;
    this.refs.add(ref);
    return ref;
  }
}
