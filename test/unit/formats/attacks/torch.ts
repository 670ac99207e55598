/** PyTorch's files: pickles old and new, TorchScript, exported programs, and safetensors. */
import path from "node:path";
import { writeFileSync } from "node:fs";
import { zipSync, type Zippable } from "fflate";
import { fixture, fixtureBytes } from "../support.ts";
import { safetensorsFile as safe, tensorEntry as entry } from "../safetensors-files.ts";
import { operation, program, PROGRAM, pt2, self, sizes, spec } from "../pt2-files.ts";
import {
  archive,
  calls,
  dict,
  global,
  int,
  pickle,
  storage,
  tensor,
  text,
  tuple,
} from "../torch-files.ts";
import { bomb, COMMAND, cutOf, long, nested, PROTOTYPES, written } from "./files.ts";
import type { Attack, Attacks } from "./types.ts";

const system = calls(global("os", "system"), tuple(text(COMMAND)));
const evaluated = calls(global("builtins", "eval"), tuple(text("__import__('os')")));
/** `_rebuild_tensor_v2` of a storage in another place. */
const escaping = calls(
  global("torch._utils", "_rebuild_tensor_v2"),
  tuple(
    storage(int(4), "../../../../secret"),
    int(0),
    tuple(int(4)),
    tuple(int(1)),
    [0x89],
    [0x4e],
  ),
);
const weights = (...code: readonly (readonly [string, readonly number[]])[]): Uint8Array =>
  archive(pickle(dict(...code)));
const lists = Array<number>(600_000).fill(0x5d);
const marks = Array<number>(100_000).fill(0x28);
const cut = (name: string, parts: readonly number[] = [0.05, 0.5, 0.95]): readonly Attack[] =>
  parts.map((part) => ({
    what: `after ${part * 100} %`,
    make: written(`cut${path.extname(name)}`, cutOf(name, part)),
    says: /cut\./,
  }));
const huge = { count: 1 << 30, shape: [1 << 30], strides: [1] };

export const pickled: Attacks = {
  ordinary: fixture("torch/tiny_checkpoint.pth"),
  code: [
    {
      what: "os.system beside weights",
      make: written("a.pth", weights(["run", system], ["fc.weight", tensor({})])),
    },
    {
      what: "eval beside weights",
      make: written("b.pth", weights(["run", evaluated], ["fc.weight", tensor({})])),
    },
    {
      what: "nothing but os.system",
      make: written("c.pth", archive(pickle(system))),
      says: /no tensors/,
    },
    {
      what: "a class of a script that lies beside",
      make: (folder) => {
        written("beside.py", `import os\nos.system("${COMMAND}")\nclass Net: pass\n`)(folder);
        const made = calls(global("beside", "Net"), tuple());
        return written("beside.pth", weights(["net", made], ["fc.weight", tensor({})]))(folder);
      },
    },
  ],
  sizes: [
    {
      what: "a tensor of 4 GB in 16 bytes",
      make: written("d.pth", weights(["w", tensor(huge)])),
      says: /holds 16/,
    },
    {
      what: "one number, 10^12 times",
      make: written(
        "e.pth",
        weights(["w", tensor({ shape: [1_000_000, 1_000_000], strides: [0, 0] })]),
      ),
      says: /more numbers than are stored/,
    },
    {
      what: "a pickle that unpacks to 80 MB",
      make: written("f.pth", () => bomb("net/data.pkl", 80 * 2 ** 20)),
      says: /f\.pth/,
    },
    {
      what: "a number of 2 GB",
      make: written("g.pth", archive(pickle([0x8b, 0xff, 0xff, 0xff, 0x7f]))),
      says: /pickle/,
    },
  ],
  outside: [
    {
      what: "a storage in another place",
      make: (folder) => {
        writeFileSync(path.join(folder, "..", "secret"), new Uint8Array(16));
        return written("h.pth", weights(["w", escaping]))(folder);
      },
      says: /holds 0/,
    },
  ],
  nesting: [
    { what: "lists", make: written("i.pth", archive(pickle(lists))), says: /more objects/ },
    { what: "marks", make: written("j.pth", archive(pickle(marks))), says: /nests without end/ },
  ],
  names: [
    {
      what: "weights",
      make: written("k.pth", weights(...PROTOTYPES.map((name) => [name, tensor({})] as const))),
    },
  ],
  cut: cut("torch/tiny_checkpoint.pth"),
};

const LEGACY = Buffer.from(fixtureBytes("torch/tiny_legacy.pth"));
/** Before 1.6 a file is a magic number, a version, facts of the machine, and then what was saved. */
const before16 = (code: readonly number[]): Uint8Array => {
  const facts = [
    [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19],
    [0x4d, 0xe9, 3],
    [0x7d],
  ];
  return Buffer.concat([...facts, code, [0x5d]].map((one) => pickle(one)));
};
export const legacy: Attacks = {
  ordinary: fixture("torch/tiny_legacy.pth"),
  code: [
    { what: "nothing but os.system", make: written("a.pth", before16(system)), says: /no tensors/ },
  ],
  sizes: [
    {
      what: "a storage of 2^40 numbers",
      make: written("b.pth", () => {
        const bytes = Buffer.from(LEGACY);
        bytes.writeBigUInt64LE(1n << 40n, bytes.indexOf(Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])));
        return bytes;
      }),
      says: /declares 4398046511104 bytes/,
    },
  ],
  outside: "the numbers follow in the file itself",
  nesting: [{ what: "lists", make: written("c.pth", before16(lists)), says: /more objects/ }],
  names: [
    {
      what: "a class of objects",
      make: written("d.pth", before16(calls(global("__proto__", "constructor"), tuple()))),
      says: /no tensors/,
    },
  ],
  cut: cut("torch/tiny_legacy.pth"),
};

/** An archive with code beside its data. */
const script = (data: Uint8Array, extra: Zippable = {}): Uint8Array =>
  zipSync(
    {
      "net/data.pkl": data,
      "net/data/0": new Uint8Array(16),
      "net/constants.pkl": pickle(tuple()),
      "net/code/__torch__.py": Buffer.from(`import os\nos.system('${COMMAND}')\n`),
      "net/version": Buffer.from("3\n"),
      ...extra,
    },
    { level: 0 },
  );
export const scripted: Attacks = {
  ordinary: fixture("torch/small_scripted.torchscript.pt"),
  code: [
    {
      what: "code beside the data",
      make: written("a.pt", script(pickle(dict(["fc.weight", tensor({})])))),
    },
    {
      what: "os.system in the data",
      make: written("b.pt", script(pickle(system))),
      says: /no tensors/,
    },
    {
      what: "os.system in the constants",
      make: written(
        "c.pt",
        script(pickle(dict(["fc.weight", tensor({})])), { "net/constants.pkl": pickle(system) }),
      ),
    },
  ],
  sizes: [
    {
      what: "a tensor of 4 GB in 16 bytes",
      make: written("d.pt", script(pickle(dict(["w", tensor(huge)])))),
      says: /holds 16/,
    },
  ],
  outside: [
    {
      what: "a storage in another place",
      make: written("e.pt", script(pickle(dict(["w", escaping])))),
      says: /holds 0/,
    },
  ],
  nesting: [{ what: "lists", make: written("f.pt", script(pickle(lists))), says: /more objects/ }],
  names: [
    {
      what: "weights",
      make: written(
        "g.pt",
        script(pickle(dict(...PROTOTYPES.map((name) => [name, tensor({})] as const)))),
      ),
    },
  ],
  cut: cut("torch/small_scripted.torchscript.pt"),
};

const running = (target: string): Uint8Array =>
  pt2(program([operation(target, self)], { y: sizes(1, 2, 4, 4) }));
const parameter = (stored: Uint8Array, ...shape: readonly number[]): Uint8Array =>
  pt2(
    program(
      [operation("torch.ops.aten.relu.default", self)],
      { p_w: sizes(...shape), y: sizes(1, 3, 8, 8) },
      [spec],
    ),
    {
      "serialized_state_dict.pt": stored,
    },
  );
export const exported: Attacks = {
  ordinary: fixture("torch/tiny.pt2"),
  code: [
    {
      what: "an operation of the system's",
      make: written("a.pt2", running("os.system")),
      opaque: /not understood/,
    },
    {
      what: "os.system in the weights",
      make: written("b.pt2", parameter(archive(pickle(system)), 2, 2)),
      says: /'w'/,
    },
  ],
  sizes: [
    {
      what: "a parameter of 4 GB",
      make: written("c.pt2", parameter(weights(["w", tensor({})]), 1 << 15, 1 << 15)),
      says: /'w' with shape/,
    },
    {
      what: "a parameter behind its storage",
      make: written("d.pt2", parameter(weights(["w", tensor({ offset: 9 })]), 2, 2)),
      says: /says of 'w'/,
    },
    {
      what: "a program that unpacks to 80 MB",
      make: written("e.pt2", () => bomb(PROGRAM, 80 * 2 ** 20)),
      says: /e\.pt2/,
    },
    {
      what: "a constant of 10^12 numbers",
      make: written(
        "f.pt2",
        pt2(
          program(
            [
              operation(
                "torch.ops.aten.full.default",
                { name: "size", arg: { as_ints: [1_000_000, 1_000_000] } },
                { name: "fill_value", arg: { as_int: 1 } },
              ),
            ],
            { y: sizes(2) },
          ),
        ),
      ),
      opaque: /a constant/,
    },
  ],
  outside: [
    {
      what: "weights in another place",
      make: written("g.pt2", parameter(weights(["w", escaping]), 4)),
      says: /'w'|holds 0/,
    },
  ],
  nesting: [
    { what: "JSON", make: written("h.pt2", pt2(nested(100_000))), says: /nested deeper/ },
    {
      what: "lists in the weights",
      make: written("i.pt2", parameter(archive(pickle(lists)), 2, 2)),
      says: /more objects/,
    },
  ],
  names: [
    {
      what: "an operation",
      make: written("j.pt2", running("torch.ops.aten.__proto__.default")),
      opaque: /not understood/,
    },
  ],
  cut: cut("torch/tiny.pt2"),
};

export const safetensors: Attacks = {
  ordinary: fixture("torch/small.safetensors"),
  code: "safetensors holds numbers and their names only",
  sizes: [
    {
      what: "a header of 2^60 bytes",
      make: written("a.safetensors", safe({ a: entry(0, 16) }, 16, 1n << 60n)),
      says: /declares a header of/,
    },
    {
      what: "a header of 200 MB that is there",
      make: (folder) => {
        const file = written("b.safetensors", safe({ a: entry(0, 16) }, 16, 200n << 20n))(folder);
        long(file, 400 * 2 ** 20);
        return file;
      },
      says: /declares a header of/,
    },
    {
      what: "a tensor behind the end",
      make: written("c.safetensors", safe({ a: entry(0, 160) })),
      says: /outside the file/,
    },
    {
      what: "another size than its shape",
      make: written("d.safetensors", safe({ a: entry(0, 16, [1 << 20, 1 << 20]) })),
      says: /in 16 bytes/,
    },
    {
      what: "overlap",
      make: written("e.safetensors", safe({ a: entry(0, 12), b: entry(8, 16) })),
      says: /gap or an overlap/,
    },
  ],
  outside: "safetensors names no other files",
  nesting: [
    {
      what: "JSON",
      make: written("f.safetensors", safe(`{"a": ${nested(100_000)}}`)),
      says: /nested deeper/,
    },
  ],
  names: [
    {
      what: "tensors",
      make: written(
        "g.safetensors",
        safe('{"__proto__": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}'),
      ),
    },
  ],
  cut: cut("torch/small.safetensors"),
};
