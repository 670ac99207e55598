/** Tiny ONNX files, written field by field (onnx.proto3). */
import { Message } from "../../../src/engine/native/protobuf.ts";

export type Made = Message;
const FLOAT = 1;

const named = (field: number, key: string, value: Message): Message =>
  new Message().string(1, key).message(field, value);

export interface NodeFacts {
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: readonly Made[];
  readonly metadata?: Readonly<Record<string, string>>;
}
export function node({ op, inputs = [], outputs, name, domain, ...rest }: NodeFacts): Made {
  const made = new Message();
  for (const input of inputs) made.string(1, input);
  for (const output of outputs) made.string(2, output);
  if (name !== undefined) made.string(3, name);
  made.string(4, op);
  for (const attribute of rest.attributes ?? []) made.message(5, attribute);
  if (domain !== undefined) made.string(7, domain);
  for (const [key, value] of Object.entries(rest.metadata ?? {}))
    made.message(9, new Message().string(1, key).string(2, value));
  return made;
}
export const ints = (name: string, values: readonly number[]): Made =>
  values.reduce((made, value) => made.int(8, value), new Message().string(1, name)).int(20, 7);
export const int = (name: string, value: number): Made =>
  new Message().string(1, name).int(3, value).int(20, 2);
export const subgraph = (name: string, value: Made): Made => named(6, name, value).int(20, 5);
export const constantOf = (value: Made): Made => named(5, "value", value).int(20, 4);
/** In a function: the value of the call's attribute. */
export const reference = (name: string, of: string): Made =>
  new Message().string(1, name).string(21, of);

export interface TensorFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: number;
  readonly raw?: Uint8Array;
  readonly external?: Readonly<Record<string, string>>;
  /** Typed data: field number and message field writer. */
  readonly typed?: (tensor: Made) => Made;
}
export function tensor({ name, shape, type = FLOAT, raw, external, typed }: TensorFacts): Made {
  const made = new Message();
  for (const size of shape) made.int(1, size);
  made.int(2, type).string(8, name);
  if (raw) made.bytes(9, raw);
  typed?.(made);
  for (const [key, value] of Object.entries(external ?? {}))
    made.message(13, new Message().string(1, key).string(2, value));
  return external ? made.int(14, 1) : made;
}
export const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

export function value(name: string, shape: readonly (number | string)[], type = FLOAT): Made {
  const sizes = new Message();
  for (const size of shape)
    sizes.message(
      1,
      typeof size === "number" ? new Message().int(1, size) : new Message().string(2, size),
    );
  const kind = new Message().int(1, type).message(2, sizes);
  return new Message().string(1, name).message(2, new Message().message(1, kind));
}

export interface GraphFacts {
  readonly nodes: readonly Made[];
  readonly initializers?: readonly Made[];
  readonly inputs?: readonly Made[];
  readonly outputs?: readonly Made[];
}
export function graph({ nodes, initializers = [], inputs = [], outputs = [] }: GraphFacts): Made {
  const made = new Message();
  for (const one of nodes) made.message(1, one);
  made.string(2, "net");
  for (const one of initializers) made.message(5, one);
  for (const one of inputs) made.message(11, one);
  for (const one of outputs) made.message(12, one);
  return made;
}
export function functionOf(
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Made[],
): Made {
  const made = new Message().string(1, name);
  for (const input of inputs) made.string(4, input);
  for (const output of outputs) made.string(5, output);
  for (const one of nodes) made.message(7, one);
  return made.message(9, new Message().string(1, "").int(2, 17)).string(10, "local");
}

export function model(net: Made, functions: readonly Made[] = [], opset = 17): Uint8Array {
  const made = new Message().int(1, 8).string(2, "test").message(7, net);
  made.message(8, new Message().string(1, "").int(2, opset));
  for (const one of functions) made.message(25, one);
  return made.finish();
}
