/** An ONNX file without the numbers of its weights: the same protocol buffer, fields copied as they are. */
import type { ByteSource } from "../bytes/source.ts";
import { Message, type Field } from "../bytes/protobuf.ts";

/** Fields of ModelProto and GraphProto that a structure needs none of: texts for people, training, quantization notes. */
const MODEL_NOTES: readonly number[] = [4, 5, 6, 14, 20];
const GRAPH_NOTES: readonly number[] = [10, 14, 16];
/** TensorProto: dims, data_type, name. */
const DESCRIBING: readonly number[] = [1, 2, 8];

/** `weights` are the names of the initialisers that are left without numbers. */
export function withoutWeights(source: ByteSource, weights: ReadonlySet<string>): Buffer {
  const model = [...Message.of(source).fields()]
    .filter(({ number }) => !MODEL_NOTES.includes(number))
    .map((field) =>
      field.number === 7 ? lengthDelimited(7, graph(field.message(), weights)) : copied(field),
    );
  return Buffer.concat(model);
}

function graph(message: Message, weights: ReadonlySet<string>): Buffer {
  const fields = [...message.fields()].filter(({ number }) => !GRAPH_NOTES.includes(number));
  return Buffer.concat(
    fields.map((field) => {
      if (field.number !== 5) return copied(field);
      const tensor = [...field.message().fields()];
      const name = tensor.find(({ number }) => number === 8)?.text() ?? "";
      if (!weights.has(name)) return copied(field);
      const kept = tensor.filter(({ number }) => DESCRIBING.includes(number)).map(copied);
      return lengthDelimited(5, Buffer.concat(kept));
    }),
  );
}

/** A field as it stands on the wire. */
function copied(field: Field): Buffer {
  const key = varint(BigInt(field.number * 8 + field.wire));
  if (field.wire === 0) return Buffer.concat([key, varint(BigInt.asUintN(64, field.bits))]);
  if (field.wire === 2) return lengthDelimited(field.number, field.bytes());
  return Buffer.concat([key, field.fixed()]);
}
const lengthDelimited = (number: number, content: Buffer): Buffer =>
  Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(content.length)), content]);

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}
