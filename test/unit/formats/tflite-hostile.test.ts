import assert from "node:assert/strict";
import { fixtureBytes, scratch, sentence, withModel } from "./support.ts";
import { buffer, CONV_2D, operator, RESHAPE, tensor, tfliteFile } from "./tflite-files.ts";

const write = scratch();
const honest = {
  tensors: [tensor("x", [1, 4, 4, 2]), tensor("y", [1, 4, 4, 2])],
  operators: [operator(0, [0], [1])],
};
const DAMAGED = /damaged or truncated TFLite model|cut short/;

/** Why operators are not executed. */
const reasons = async (bytes: Uint8Array): Promise<(string | null)[]> => {
  let found: (string | null)[] = [];
  await withModel(write("odd.tflite", bytes), ({ layers }) => {
    found = layers.flatMap(({ opaque }) => (opaque === null ? [] : [opaque]));
  });
  return found;
};

describe("TFLite files that lie", () => {
  it("an honest one is read", async () => {
    await withModel(write("honest.tflite", tfliteFile(honest)), (graph) => {
      assert.deepEqual(
        graph.layers.map(({ name }) => name),
        ["x", "y"],
      );
      assert.deepEqual(graph.outputs[0]?.shape, [null, 4, 4, 2]);
    });
  });

  it("cut anywhere", async () => {
    const bytes = fixtureBytes("tflite/folded.tflite");
    for (const part of [0.01, 0.1, 0.3, 0.6, 0.9, 0.999])
      assert.match(
        await sentence(write("cut.tflite", bytes.subarray(0, Math.floor(bytes.length * part)))),
        DAMAGED,
      );
  });

  it("offsets that lead out of the file, or to nowhere", async () => {
    const bytes = tfliteFile(honest);
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      if (at === 4) continue; // the identifier
      for (const value of [0xffffffff, 0x7fffffff, bytes.length - 2, 0]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt32LE(value, at);
        // some places hold sizes that may be anything: what counts is that nothing but a sentence comes out
        const file = write("offset.tflite", changed);
        await withModel(file, () => undefined).catch((error: unknown) => {
          assert.match(String(error), /^ConvLensError: .*\.$/);
        });
      }
    }
  });

  it("a shape larger than its bytes", async () => {
    const huge = [1 << 30, 1 << 30, 1 << 30, 1 << 30];
    const bytes = tfliteFile({
      ...honest,
      tensors: [...honest.tensors, tensor("w", huge, 1)],
      buffers: [buffer(), buffer(new Uint8Array(4))],
      outputs: [1],
    });
    assert.match(
      await sentence(write("huge.tflite", bytes)),
      /'w' as float32 \[1073741824, .*holds 4 bytes/,
    );
  });

  it("a buffer behind the end of the file", async () => {
    const beyond = { table: { 1: { u64: 1e15 }, 2: { u64: 1e15 } } };
    const bytes = tfliteFile({ ...honest, buffers: [buffer(), beyond] });
    assert.match(await sentence(write("beyond.tflite", bytes)), DAMAGED);
  });

  it("sizes below zero and a tensor of a hundred axes", async () => {
    for (const shape of [[1, -7, 4, 2], Array<number>(100).fill(1)]) {
      const bytes = tfliteFile({ ...honest, tensors: [tensor("x", shape), tensor("y", [1])] });
      assert.match(await sentence(write("axes.tflite", bytes)), /'x' with the shape .* cannot be/);
    }
  });

  it("a hundred thousand references to one long name cost nothing", async () => {
    const many = repeated(100_000, 60_000);
    assert.match(await sentence(write("many.tflite", many)), /repeats its parts/);
  });

  it("references to tensors and operators that are not there, and to what nothing computes", async () => {
    for (const [change, says] of [
      [{ inputs: [7] }, DAMAGED],
      [{ outputs: [-3] }, DAMAGED],
      [{ operators: [operator(0, [9], [1])] }, /refers to its tensor 9, and has only 2/],
      [{ operators: [operator(5, [0], [1])] }, DAMAGED],
      [{ operators: [] }, /uses the tensor 'y' .* before anything computes it/],
      [{ operators: [operator(0, [1], [1])] }, /before anything computes it/],
      [{ inputs: [] }, /without inputs/],
      [{ model: { 2: [] } }, /holds no network/],
    ] as const)
      assert.match(
        await sentence(write("reference.tflite", tfliteFile({ ...honest, ...change }))),
        says,
      );
  });

  it("operators with impossible settings are shown, with the reason, and not run", async () => {
    const kernel = new Uint8Array(4 * 3 * 3 * 3 * 2);
    const convolution = (stride: number, shape: readonly number[]): Uint8Array =>
      tfliteFile({
        codes: [CONV_2D],
        tensors: [tensor("x", [1, 4, 4, 2]), tensor("w", shape, 1), tensor("y", [1, 4, 4, 3])],
        buffers: [buffer(), buffer(kernel)],
        operators: [
          operator(0, [0, 1], [2], { table: { 1: { i32: stride }, 2: { i32: stride } } }),
        ],
      });
    assert.deepEqual(await reasons(convolution(0, [3, 3, 3, 2])), ["its windows do not move"]);
    assert.deepEqual(await reasons(convolution(-1, [3, 3, 3, 2])), ["its windows do not move"]);
    assert.deepEqual(await reasons(convolution(1, [6, 3, 3, 1])), []);
    assert.match(
      (await reasons(convolution(1, [2, 3, 3, 3])))[0] ?? "",
      /a kernel for 3 channels meets 2/,
    );
    const sizes = Buffer.from(Int32Array.of(1, 7, 7, 7).buffer);
    const reshape = tfliteFile({
      codes: [RESHAPE],
      tensors: [
        tensor("x", [1, 4, 4, 2]),
        tensor("to", [4], 1, { 1: { i8: 2 } }),
        tensor("y", [1, 7, 7, 7]),
      ],
      buffers: [buffer(), buffer(sizes)],
      operators: [operator(0, [0, 1], [2])],
    });
    assert.match((await reasons(reshape))[0] ?? "", /\[1, 4, 4, 2\] does not reshape|mixes/);
  });

  it("codes that no version of TFLite has", async () => {
    const bytes = tfliteFile({ ...honest, codes: [1000] });
    assert.match((await reasons(bytes))[0] ?? "", /'OPERATOR_1000' is not supported/);
  });
});

/** A vector of `count` offsets to one tensor with a name of `length` letters. */
function repeated(count: number, length: number): Buffer {
  const bytes = Buffer.alloc(200 + 4 * count + length);
  let at = 200;
  const vector = at;
  bytes.writeUInt32LE(count, at);
  at += 4 + 4 * count;
  // vtable with the name as field 3, table, name
  const vtable = 100;
  bytes.writeUInt16LE(12, vtable);
  bytes.writeUInt16LE(8, vtable + 2);
  bytes.writeUInt16LE(4, vtable + 10);
  const table = at;
  bytes.writeInt32LE(table - vtable, table);
  bytes.writeUInt32LE(4, table + 4);
  bytes.writeUInt32LE(length - 100, table + 8);
  for (let i = 0; i < count; i++)
    bytes.writeUInt32LE(table - (vector + 4 + 4 * i), vector + 4 + 4 * i);
  // a subgraph with these tensors, a model with this subgraph
  bytes.write("TFL3", 4, "latin1");
  bytes.writeUInt32LE(40, 0);
  bytes.writeUInt16LE(10, 20); // vtable of the model: field 2
  bytes.writeUInt16LE(4, 28);
  bytes.writeInt32LE(20, 40);
  bytes.writeUInt32LE(8, 44);
  bytes.writeUInt32LE(1, 52); // vector of subgraphs
  bytes.writeUInt32LE(24, 56);
  bytes.writeUInt16LE(6, 64); // vtable of the subgraph: field 0
  bytes.writeUInt16LE(4, 68);
  bytes.writeInt32LE(16, 80);
  bytes.writeUInt32LE(vector - 84, 84);
  return bytes;
}
