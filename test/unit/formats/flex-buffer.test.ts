import assert from "node:assert/strict";
import { MemorySource } from "../../../src/formats/bytes/source.ts";
import { NO_FILE } from "../../../src/formats/structure/memory.ts";
import { Bytes } from "../../../src/formats/tflite/bytes.ts";
import { flexNumbers } from "../../../src/formats/tflite/flex-buffer.ts";

/** {"count": -3, "share": 2.5, "whole": True, "name": "x", "wide": 70000} as Google's library for Python writes it. */
const MAP = Buffer.from(
  "636f756e740073686172650077686f6c65006e616d6500017800776964650005200f1c170a000000080000000100000005000000fdffffff2000000000002040010000007011010006140e6a06192601",
  "hex",
);
const read = (bytes: Uint8Array): ReadonlyMap<string, number> =>
  flexNumbers(new Bytes(new MemorySource("settings", bytes, NO_FILE)), {
    start: 0,
    length: bytes.length,
  });

describe("settings of custom operators", () => {
  it("numbers and truths are read, texts are not", () => {
    assert.deepEqual(Object.fromEntries(read(MAP)), {
      count: -3,
      share: 2.5,
      whole: 1,
      wide: 70000,
    });
  });

  it("what is no map has none", () => {
    for (const bytes of [[], [1], [7, 4, 1], [0, 0, 0]])
      assert.equal(read(Uint8Array.from(bytes)).size, 0);
  });

  it("bytes that lie are read as something, or said to be damaged, and nothing beside the file is read", () => {
    for (let at = 0; at < MAP.length; at++)
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = Uint8Array.from(MAP);
        bytes[at] = value;
        try {
          assert.ok(read(bytes).size <= 1000);
        } catch (error) {
          assert.match((error as Error).message, /damaged or truncated|repeats its parts/);
        }
      }
  });
});
