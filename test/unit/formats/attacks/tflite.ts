/** TFLite files, and the archive of labels behind them. */
import { fixture, fixtureBytes } from "../support.ts";
import { buffer, operator, tensor, tfliteFile } from "../tflite-files.ts";
import { bomb, cutOf, PROTOTYPES, written } from "./files.ts";
import type { Attacks } from "./types.ts";

const SHAPE = [1, 4, 4, 2];
const CUSTOM = 32;
const WHILE = 119;
const ends = [tensor("x", SHAPE), tensor("y", SHAPE)];
const one = (code: number): Uint8Array =>
  tfliteFile({ codes: [code], tensors: ends, operators: [operator(0, [0], [1])] });

export const tflite: Attacks = {
  ordinary: fixture("tflite/folded.tflite"),
  code: [
    {
      what: "an operator of a library of its own",
      make: written("code.tflite", one(CUSTOM)),
      opaque: /./,
    },
  ],
  sizes: [
    {
      what: "2^60 numbers in 4 bytes",
      make: written(
        "huge.tflite",
        tfliteFile({
          tensors: [...ends, tensor("w", [1 << 30, 1 << 30], 1)],
          buffers: [buffer(), buffer(new Uint8Array(4))],
          operators: [operator(0, [0], [1])],
          outputs: [1],
        }),
      ),
      says: /holds 4 bytes/,
    },
    {
      what: "a buffer behind the end",
      make: written(
        "behind.tflite",
        tfliteFile({
          tensors: ends,
          operators: [operator(0, [0], [1])],
          buffers: [{ table: { 1: { u64: 1e15 }, 2: { u64: 1e15 } } }],
        }),
      ),
      says: /damaged or truncated/,
    },
    {
      what: "labels that unpack to 80 MB",
      make: written("labels.tflite", () => {
        const whole = fixtureBytes("odd/metadata.tflite");
        const archive = Buffer.from(whole).indexOf("PK\x03\x04", 0, "latin1");
        const packed = Buffer.from(bomb("labels.txt", 80 * 2 ** 20, 1000));
        // where the member and the directory lie counts from the beginning of the file
        packed.writeUInt32LE(packed.readUInt32LE(packed.length - 6) + archive, packed.length - 6);
        packed.writeUInt32LE(archive, packed.indexOf("PK\x01\x02", 0, "latin1") + 42);
        return Buffer.concat([whole.subarray(0, archive), packed]);
      }),
    },
  ],
  outside: "a TFLite file names no other files",
  nesting: [
    { what: "a loop that calls itself", make: written("loop.tflite", one(WHILE)), opaque: /WHILE/ },
  ],
  names: [
    {
      what: "tensors",
      make: written(
        "names.tflite",
        tfliteFile({
          tensors: [tensor("x", SHAPE), ...PROTOTYPES.map((name) => tensor(name, SHAPE))],
          operators: PROTOTYPES.map((_, i) => operator(0, [i], [i + 1])),
        }),
      ),
    },
  ],
  cut: [0.01, 0.3, 0.99].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.tflite", cutOf("tflite/folded.tflite", part)),
    says: /damaged or truncated TFLite model|cut short/,
  })),
};
