/** Flax checkpoints: MessagePack, read without a library. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PROTOTYPES, written } from "./files.ts";
import type { Attack, Attacks } from "./types.ts";

const ordinary = fileURLToPath(new URL("../../../fuzz/seeds/state.msgpack", import.meta.url));
const text = (value: string): number[] => [0xa0 + value.length, ...Buffer.from(value)];
const map = (...entries: readonly (readonly [string, readonly number[]])[]): number[] => [
  0x80 + entries.length,
  ...entries.flatMap(([key, value]) => [...text(key), ...value]),
];
/** An extension of type 1: shape, name of the type, and bytes of numbers, of which `declared` are told. */
function array(shape: readonly number[], bytes: readonly number[], declared: number): number[] {
  const size = [24, 16, 8, 0].map((shift) => (declared >>> shift) & 255);
  const inside = [0x90 + shape.length, ...shape.flatMap(long), ...text("float32"), 0xc6, ...size];
  const whole = [0x93, ...inside, ...bytes];
  return [0xc8, whole.length >> 8, whole.length & 255, 1, ...whole];
}
const long = (size: number): number[] => [0xce, ...[24, 16, 8, 0].map((s) => (size >>> s) & 255)];
const attack = (what: string, says: RegExp, bytes: () => readonly number[]): Attack => ({
  what,
  make: written("state.msgpack", () => Uint8Array.from(bytes())),
  says,
});
/** A kernel of one number. */
const one = array([1, 1, 1, 1], [0, 0, 128, 63], 4);
const kernel = (value: readonly number[]): number[] =>
  map(["params", map(["Conv_0", map(["kernel", value])])]);

export const flax: Attacks = {
  ordinary,
  code: "a Flax checkpoint holds numbers and their names",
  sizes: [
    attack("2^32 numbers in 4 bytes", /float32 in 4 bytes|cut short/, () =>
      kernel(array([65_536, 65_536], [0, 0, 0, 0], 4)),
    ),
    attack("2 GB of bytes in 4", /cut short|float32/, () =>
      kernel(array([1], [0, 0, 0, 0], 2 ** 31)),
    ),
    attack("a list of 4 thousand million", /cut short/, () =>
      map(["a", [0xdd, 255, 255, 255, 255]]),
    ),
  ],
  outside: "a Flax checkpoint names no other files",
  nesting: [
    attack("maps in maps, 100,000 deep", /nests without end/, () => [
      ...map(["a", [0]]).slice(0, -1),
      ...Array.from({ length: 100_000 }, () => [0x81, 0xa1, 97]).flat(),
    ]),
  ],
  names: [
    {
      what: "parameters",
      make: written("names.msgpack", () =>
        Uint8Array.from(
          map(["params", map(...PROTOTYPES.map((name) => [name, map(["kernel", one])] as const))]),
        ),
      ),
    },
  ],
  cut: [0.2, 0.5, 0.95].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.msgpack", () => {
      const bytes = readFileSync(ordinary);
      return bytes.subarray(0, Math.floor(bytes.length * part));
    }),
    says: /cut short|is not a model|damaged/,
  })),
};
