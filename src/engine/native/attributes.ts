import type { DType, Shape, TensorData } from "../../base/tensor.ts";
import { Message } from "./protobuf.ts";

/** A TensorFlow AttrValue, written when it is placed in a node. */
export type Attr = Message;

/** tensorflow.DataType */
export const dataTypes: Readonly<Record<DType, number>> = { float32: 1, int32: 3, bool: 10 };

/** tensorflow.TensorShapeProto; a free axis is -1. */
function shapeProto(shape: Shape): Message {
  const proto = new Message();
  for (const size of shape) proto.message(2, new Message().int(1, size ?? -1));
  return proto;
}

/** tensorflow.TensorProto, row-major little-endian content as it is. */
function tensorProto({ dtype, shape, data }: TensorData): Message {
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Message().int(1, dataTypes[dtype]).message(2, shapeProto(shape)).bytes(4, content);
}

/** Constructors of tensorflow.AttrValue, by the kind of value. */
export const attr = {
  type: (dtype: DType): Attr => new Message().int(6, dataTypes[dtype]),
  int: (value: number): Attr => new Message().int(3, value),
  ints: (values: readonly number[]): Attr =>
    new Message().message(1, new Message().ints(3, values)),
  float: (value: number): Attr => new Message().float(4, value),
  bool: (value: boolean): Attr => new Message().int(5, value ? 1 : 0),
  string: (value: string): Attr => new Message().string(2, value),
  shape: (shape: Shape): Attr => new Message().message(7, shapeProto(shape)),
  tensor: (value: TensorData): Attr => new Message().message(8, tensorProto(value)),
} as const;
