import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeNpy,
  decodePicture,
  encodeNpy,
  encodePng,
  overlay,
  readLabels,
} from "../../../src/pictures/index.ts";
import { colormap } from "../../../src/shared/colormaps.ts";
import { floats } from "../../../src/base/tensor.ts";

/** What numpy.save writes for an array of this header and data. */
function npy(header: string, data: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(`${header}\n`, "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, "latin1"),
    length,
    text,
    data,
  ]);
}
const header = (descr: string, shape: string, fortran = "False"): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe("NumPy files", () => {
  it("round-trips every shape, aligned to 64 bytes", () => {
    for (const shape of [[], [5], [2, 3], [1, 2, 2, 3], [0, 4]]) {
      const count = shape.reduce((a, b) => a * b, 1);
      const tensor = floats(
        shape,
        Float32Array.from({ length: count }, (_, i) => i / 3 - 1),
      );
      const bytes = encodeNpy(tensor);
      assert.equal((bytes.length - count * 4) % 64, 0);
      assert.deepEqual(decodeNpy(bytes, "a.npy"), tensor);
    }
  });

  it("reads other element types and versions, from unaligned views too", () => {
    const doubles = Buffer.from(Float64Array.of(1.5, -2, 1e10).buffer);
    assert.deepEqual(
      [...decodeNpy(npy(header("<f8", "(3,)"), doubles), "d.npy").data],
      [1.5, -2, 1e10],
    );
    const longs = Buffer.from(BigInt64Array.of(-7n, 9n).buffer);
    assert.deepEqual([...decodeNpy(npy(header("<i8", "(2, 1)"), longs, 2), "l.npy").data], [-7, 9]);
    const ints = npy(header("<i4", "(1,)"), Buffer.from([1, 2, 0, 0]), 3);
    const shifted = Buffer.concat([Buffer.from([0]), ints]).subarray(1);
    assert.deepEqual([...decodeNpy(shifted, "i.npy").data], [513]);
    assert.deepEqual(
      [...decodeNpy(npy(header("|u1", "(2,)"), Buffer.from([0, 255])), "u.npy").data],
      [0, 255],
    );
  });

  it("refuses hostile and unusual headers without allocating", () => {
    const four = Buffer.alloc(16);
    const cases: [Buffer, RegExp][] = [
      [Buffer.alloc(0), /not a NumPy/],
      [Buffer.from("PK\x03\x04 a zip of arrays"), /not a NumPy/],
      [npy(header("<f4", "(99999999, 99999999)"), four), /promises/],
      [npy(header("<f4", "(1e9, 5)"), four), /no shape/],
      [npy(header("<f4", "(5,)"), four), /promises 5 numbers, and it holds 4/],
      [npy(header("<f4", "(-4,)"), four), /no shape/],
      [npy(header("<f4", "(4,)", "True"), four), /Fortran/],
      [npy(header("<c8", "(2,)"), four), /'<c8'/],
      [npy(header(">f4", "(4,)"), four), /'>f4'/],
      [npy("{'descr': '|O'}", four), /no shape/],
      [npy(header("<f4", "(4,)"), four).subarray(0, 40), /header does not end/],
    ];
    for (const [bytes, reason] of cases)
      assert.throws(
        () => decodeNpy(bytes, "bad.npy"),
        (error: Error & { kind?: string }) => {
          assert.equal(error.kind, "input");
          assert.match(error.message, reason);
          return error.message.startsWith("bad.npy");
        },
      );
  });
});

describe("labels", () => {
  const folder = mkdtempSync(join(tmpdir(), "convlens-labels-"));
  const path = join(folder, "labels.txt");
  after(() => rmSync(folder, { recursive: true }));
  const read = (text: string | Buffer): Promise<string[]> => {
    writeFileSync(path, text);
    return readLabels(path);
  };

  it("reads one a line and JSON arrays", async () => {
    assert.deepEqual(await read("cat\r\ndog, hound\n\nbird\n\n"), [
      "cat",
      "dog, hound",
      "",
      "bird",
    ]);
    assert.deepEqual(await read('\uFEFF["cat","d\u00f6g"]'), ["cat", "d\u00f6g"]);
  });

  it("refuses what is no list of labels", async () => {
    await assert.rejects(read(""), /empty/);
    await assert.rejects(read("[1, 2]"), /array of strings/);
    await assert.rejects(read('["cat"'), /not valid JSON/);
    await assert.rejects(read(Buffer.from([1, 0, 2])), /not text/);
    await assert.rejects(
      readLabels(join(folder, "none.txt")),
      /none\.txt cannot be opened: there is no such file/,
    );
  });
});

describe("pictures out", () => {
  it("encodes PNG that reads back", async () => {
    const rgb = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => i * 5);
    const back = await decodePicture(encodePng(rgb, 5, 3, 3), "out.png");
    assert.deepEqual([...back.rgb], [...rgb]);
    const gray = await decodePicture(encodePng(Uint8Array.of(0, 128), 2, 1, 1), "gray.png");
    assert.deepEqual([...gray.rgb], [0, 0, 0, 128, 128, 128]);
    assert.throws(() => encodePng(rgb, 5, 5, 3), RangeError);
  });

  it("mixes the heat map's colours over the picture", () => {
    const view = { width: 2, height: 1, rgba: Uint8Array.of(100, 100, 100, 255, 0, 0, 0, 255) };
    const table = colormap("viridis");
    const options = { opacity: 1, colours: "viridis" } as const;
    assert.deepEqual(
      [...overlay(view, Float32Array.of(0, 1), options)],
      [...table.subarray(0, 3), ...table.subarray(765)],
    );
    assert.deepEqual(
      [...overlay(view, Float32Array.of(0, 1), { opacity: 0 })],
      [100, 100, 100, 0, 0, 0],
    );
  });

  it("has whole colour maps with known ends", () => {
    assert.deepEqual([...colormap("viridis").subarray(0, 3)], [68, 1, 84]);
    assert.deepEqual([...colormap("turbo").subarray(765)], [122, 4, 3]);
    assert.equal(colormap("gray")[3 * 200], 200);
    assert.ok(
      colormap("diverging")
        .subarray(3 * 127, 3 * 129)
        .every((value) => value > 240),
    );
  });
});
