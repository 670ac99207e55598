import type { DType, Shape, TensorData } from "../../base/tensor.ts";
import type { Operand } from "./operand.ts";
import { attr, type Attr } from "./attributes.ts";
import { Message } from "./protobuf.ts";

/** What TensorFlow 2.13 calls itself in a GraphDef; older graphs get compatibility rewrites that we do not want. */
const PRODUCER = 1482;

/** Writes a tensorflow.GraphDef node by node. Names are `n<index>` with the index of the graph node they belong to. */
export class TensorFlowWriter {
  private readonly graph = new Message();
  private readonly constants = new Map<string, string>();
  private scope = "n0";
  private made = 0;

  /** Everything written from now on belongs to the graph node of this index. */
  enter(index: number): void {
    this.scope = `n${index}`;
    this.made = 0;
  }

  /** Appends a node and returns its name. Attributes with a default may be left out. */
  node(op: string, inputs: readonly string[], attrs: Readonly<Record<string, Attr>> = {}): string {
    const name = `${this.scope}_${this.made++}`;
    const node = new Message().string(1, name).string(2, op);
    for (const input of inputs) node.string(3, input);
    for (const [key, value] of Object.entries(attrs))
      node.message(5, new Message().string(1, key).message(2, value));
    this.graph.message(1, node);
    return name;
  }

  placeholder(shape: Shape, dtype: DType): string {
    return this.node("Placeholder", [], { dtype: attr.type(dtype), shape: attr.shape(shape) });
  }
  constant(value: TensorData): string {
    return this.node("Const", [], { dtype: attr.type(value.dtype), value: attr.tensor(value) });
  }
  private small(dtype: DType, shape: readonly number[], values: readonly number[]): string {
    const key = `${dtype}[${shape.join()}]${values.join()}`;
    const known = this.constants.get(key);
    if (known) return known;
    const data =
      dtype === "float32"
        ? Float32Array.from(values)
        : dtype === "int32"
          ? Int32Array.from(values)
          : Uint8Array.from(values);
    const name = this.constant({ dtype, shape, data });
    this.constants.set(key, name);
    return name;
  }
  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.small("int32", shape, values);
  }
  int(value: number): string {
    return this.small("int32", [], [value]);
  }
  float(value: number): string {
    return this.small("float32", [], [value]);
  }
  scalar(value: number, dtype: DType): string {
    return this.small(dtype, [], [value]);
  }

  /** The shape of `x` as an int32 vector; known ones are constants. */
  shapeOf(x: Operand): string {
    if (!x.shape.includes(null)) return this.ints(x.shape.map(Number));
    return this.node("Shape", [x.name], { T: attr.type(x.dtype), out_type: attr.type("int32") });
  }
  /** [N, ...size] with the batch size of `x`. */
  sizeLike(x: Operand, size: readonly number[]): string {
    const [batch] = x.shape;
    if (typeof batch === "number") return this.ints([batch, ...size]);
    const index = { Index: attr.type("int32"), T: attr.type("int32") };
    const lead = this.node("Slice", [this.shapeOf(x), this.ints([0]), this.ints([1])], index);
    return this.node("ConcatV2", [lead, this.ints(size), this.int(0)], {
      N: attr.int(2),
      T: attr.type("int32"),
      Tidx: attr.type("int32"),
    });
  }
  /** Zeros of [N, ...size] with the batch size of `x`. */
  blank(x: Operand, size: readonly number[]): string {
    return this.node("Fill", [this.sizeLike(x, size), this.float(0)], {
      T: attr.type("float32"),
      index_type: attr.type("int32"),
    });
  }

  /** The bytes of `saved_model.pb`, loaded with the tag `serve`. */
  savedModel(): Uint8Array {
    this.graph.message(4, new Message().int(1, PRODUCER));
    const tags = new Message().string(4, "serve").string(5, "2.13.1");
    const metaGraph = new Message().message(1, tags).message(2, this.graph);
    return new Message().int(1, 1).message(2, metaGraph).finish();
  }
}
