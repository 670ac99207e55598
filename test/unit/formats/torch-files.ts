/** Pickles as torch.save writes them, opcode by opcode, and archives around them. */
import { zipSync, type Zippable } from "fflate";

export const text = (value: string): number[] => [
  0x58,
  ...u32(Buffer.byteLength(value)),
  ...Buffer.from(value),
];
export const u32 = (n: number): number[] => [
  n & 255,
  (n >> 8) & 255,
  (n >> 16) & 255,
  (n >>> 24) & 255,
];
export const int = (n: number): number[] => [0x4a, ...u32(n)];
export const global = (module: string, name: string): number[] => [
  ...[0x63, ...Buffer.from(`${module}\n${name}\n`)],
];
export const tuple = (...items: readonly (readonly number[])[]): number[] => [
  0x28,
  ...items.flat(),
  0x74,
];
export const dict = (...pairs: readonly (readonly [string, readonly number[]])[]): number[] => [
  ...[0x7d, 0x28, ...pairs.flatMap(([key, value]) => [...text(key), ...value]), 0x75],
];
export const calls = (what: readonly number[], args: readonly number[]): number[] => [
  ...what,
  ...args,
  0x52,
];
export const storage = (count: readonly number[], key = "0"): number[] => [
  ...tuple(text("storage"), global("torch", "FloatStorage"), text(key), text("cpu"), count),
  0x51,
];
export interface View {
  readonly count?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
}
export const tensor = ({
  count = 4,
  offset = 0,
  shape = [2, 2],
  strides = [2, 1],
}: View): number[] =>
  calls(
    global("torch._utils", "_rebuild_tensor_v2"),
    tuple(
      ...[storage(int(count)), int(offset), tuple(...shape.map(int)), tuple(...strides.map(int))],
      ...[[0x89], [0x4e]],
    ),
  );
export const pickle = (...code: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([0x80, 2, ...code.flat(), 0x2e]);
export const archive = (data: Uint8Array, extra: Zippable = {}): Uint8Array =>
  zipSync({ "net/data.pkl": data, "net/data/0": new Uint8Array(16), ...extra }, { level: 0 });
