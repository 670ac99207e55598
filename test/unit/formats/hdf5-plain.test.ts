import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { Generation } from "../../../src/files/generation.ts";
import { FileSource } from "../../../src/formats/bytes/source.ts";
import type { Hdf5File } from "../../../src/formats/hdf5/file.ts";
import { LibraryFile } from "../../../src/formats/hdf5/library-file.ts";
import { PlainFile } from "../../../src/formats/hdf5/plain/file.ts";
import { fixture, fixtureBytes, scratch } from "./support.ts";

const write = scratch();

const sourceOf = (path: string): FileSource => new FileSource(path, new Generation());
const plain = (path: string): PlainFile | null => PlainFile.open(sourceOf(path), path);

/** Everything of a file that a reader of networks can ask for. */
function everything(file: Hdf5File, path = ""): object {
  const attributes = ["model_config", "weight_names", "layer_names", "keras_version", "backend"]
    .concat(["name", "dtype", "training_config"])
    .map((name) => file.attribute(path === "" ? "/" : path, name));
  if (file.kind(path) === "dataset") {
    const { shape, stored } = file.dataset(path);
    return { attributes, shape, stored, at: file.position(path), value: file.read(path) };
  }
  const members = file.keys(path === "" ? "/" : path);
  return {
    attributes,
    members: members.map((name) => [name, everything(file, `${path}/${name}`)]),
  };
}

describe("plain HDF5, read without the library", () => {
  const keras = readdirSync(fixture("keras")).filter((name) => name.endsWith(".h5"));
  for (const name of [...keras.map((file) => `keras/${file}`), "small_f16.h5", "odd/no-model.h5"])
    it(`${name} is what the library says`, async () => {
      const own = plain(fixture(name));
      assert.ok(own, "read at all");
      const library = await LibraryFile.open(sourceOf(fixture(name)), name);
      assert.deepEqual(everything(own), everything(library));
      for (const file of [own, library]) {
        assert.equal(file.kind("/no/such"), "missing");
        assert.throws(() => file.dataset("/no/such"), /has no data set '\/no\/such'/);
        file.close();
      }
    });

  for (const name of ["encodings.weights.h5", "external-link.h5", "external-storage.h5"])
    it(`${name} is left to the library`, () => {
      assert.equal(plain(fixture(`odd/${name}`)), null);
    });

  it("so are files with a byte changed where it matters, and those cut short", () => {
    const bytes = fixtureBytes("small_f16.h5");
    const changed = (mark: string, offset: number): Buffer => {
      const copy = Buffer.from(bytes);
      const at = copy.indexOf(mark) + offset;
      copy.writeUInt8(copy.readUInt8(at) ^ 0x40, at);
      return copy;
    };
    for (const [mark, offset] of [
      ["HDF", 7],
      ["TREE", 0],
      ["TREE", 5],
      ["SNOD", 4],
      ["HEAP", 15],
      ["HEAP", 30],
    ] as const)
      assert.equal(plain(write(`${mark}${offset}.h5`, changed(mark, offset))), null, mark);
    assert.equal(plain(write("short.h5", bytes.subarray(0, bytes.length - 8))), null);
  });

  it("a group that holds itself is not followed for ever", () => {
    const bytes = Buffer.from(fixtureBytes("small_f16.h5"));
    // the object header of the first member of the root becomes that of the root
    bytes.writeBigUInt64LE(bytes.readBigUInt64LE(64), bytes.indexOf("SNOD") + 16);
    const path = write("circle.h5", bytes);
    assert.equal(plain(path), null);
  });
});
