/**
 * Blocks of the YOLO networks that Ultralytics' files name, by what is published of them: CSPNet (Wang et al. 2020) in C3 and C2f, spatial
 * pyramid pooling (He et al. 2015), GhostNet (Han et al. 2020), attention in YOLO11 (C2PSA) and area attention in YOLOv12 (Tian et al. 2025).
 */
import { at } from "../../../base/at.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Ref } from "../../pt2/schema.ts";
import { arithmetic } from "../arithmetic.ts";
import type { Classes, Forward, Module, Walk } from "../module.ts";
import { sequential } from "../nn.ts";
import { only } from "../walk.ts";

/** A child by name, called. */
const run = (walk: Walk, module: Module, name: string, ...inputs: readonly Ref[]): Ref =>
  walk.run(module.child(name), ...inputs);
const inOrder = (module: Module, name: string): readonly Module[] =>
  module.child(name).children.map(([, child]) => child);

/** Convolution, batch normalization where it is not folded into the kernel, activation. */
const conv: Forward = (module, inputs, walk) => {
  const made = run(walk, module, "conv", only(inputs));
  const normed = module.optional("bn") ? run(walk, module, "bn", made) : made;
  return module.optional("act") ? run(walk, module, "act", normed) : normed;
};

/** A shortcut around what is made, where the file says that there is one. */
const around = (module: Module, x: Ref, made: Ref, walk: Walk): Ref =>
  module.flag("add", false) ? arithmetic(walk).add(x, made) : made;

const bottleneck: Forward = (module, inputs, walk) => {
  const x = only(inputs);
  return around(module, x, run(walk, module, "cv2", run(walk, module, "cv1", x)), walk);
};

/** Half of the channels through the blocks, half around them. */
const c3: Forward = (module, inputs, walk) => {
  const x = only(inputs);
  const through = run(walk, module, "m", run(walk, module, "cv1", x));
  const joined = arithmetic(walk).cat([through, run(walk, module, "cv2", x)], 1);
  return run(walk, module, "cv3", joined);
};

/** The results of all blocks are joined, each block taking what the one before it made. */
const chained = (module: Module, first: readonly Ref[], walk: Walk): Ref => {
  const all = [...first];
  for (const block of inOrder(module, "m")) all.push(walk.run(block, at(all, all.length - 1)));
  return run(walk, module, "cv2", arithmetic(walk).cat(all, 1));
};
const c2f: Forward = (module, inputs, walk) => {
  const made = run(walk, module, "cv1", only(inputs));
  return chained(module, walk.ops("chunk", { self: made, chunks: 2, dim: 1 }), walk);
};

/** Pooled again and again by one window, and all of it joined. */
const sppf: Forward = (module, inputs, walk) => {
  const all = [run(walk, module, "cv1", only(inputs))];
  const times = module.number("n", 3);
  if (!(times >= 1 && times <= 16)) throw new Unsupported(`it pools ${times} times`);
  for (let i = 0; i < times; i++) all.push(run(walk, module, "m", at(all, i)));
  const made = run(walk, module, "cv2", arithmetic(walk).cat(all, 1));
  return around(module, only(inputs), made, walk);
};
const spp: Forward = (module, inputs, walk) => {
  const x = run(walk, module, "cv1", only(inputs));
  const all = [x, ...inOrder(module, "m").map((pool) => walk.run(pool, x))];
  return run(walk, module, "cv2", arithmetic(walk).cat(all, 1));
};

/** Every second row and column of each of the four phases, side by side. */
const focus: Forward = (module, inputs, walk) => {
  const x = only(inputs);
  const every = (self: Ref, dim: number, start: number): Ref =>
    walk.op("slice", { self, dim, start, step: 2 });
  const phases = [0, 1].flatMap((column) =>
    [0, 1].map((row) => every(every(x, 2, row), 3, column)),
  );
  return run(walk, module, "conv", arithmetic(walk).cat(phases, 1));
};

const ghostConv: Forward = (module, inputs, walk) => {
  const made = run(walk, module, "cv1", only(inputs));
  return arithmetic(walk).cat([made, run(walk, module, "cv2", made)], 1);
};

/** Queries, keys and values of each head from one convolution, and a depthwise one of the values for where they are. */
const attention: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const x = only(inputs);
  const [n = 1, channels = 0, rows = 0, columns = 0] = walk.shape(x);
  const [heads, keys] = [module.number("num_heads", 1), module.number("key_dim", 0)];
  const values = module.number("head_dim", channels / heads);
  const cells = rows * columns;
  const all = t.view(run(walk, module, "qkv", x), [n, heads, 2 * keys + values, cells]);
  const [q, k, v] = threeOf(t.split(all, [keys, keys, values], 2));
  const scores = t.mul(t.matmul(t.transpose(q, 2, 3), k), module.number("scale", keys ** -0.5));
  const mixed = t.matmul(v, t.transpose(t.softmax(scores, 3), 2, 3));
  const picture = (value: Ref): Ref => t.view(value, [n, channels, rows, columns]);
  const placed = t.add(picture(mixed), run(walk, module, "pe", picture(v)));
  return run(walk, module, "proj", placed);
};
const threeOf = (parts: readonly Ref[]): readonly [Ref, Ref, Ref] => [
  at(parts, 0),
  at(parts, 1),
  at(parts, 2),
];

/** Attention within areas: the cells in their order are cut into `area` parts, each of which attends to itself. */
const areaAttention: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const x = only(inputs);
  const [n = 1, , rows = 0, columns = 0] = walk.shape(x);
  const [heads, width, area] = [
    module.number("num_heads", 1),
    module.number("head_dim", 1),
    module.number("area", 1),
  ];
  const channels = heads * width;
  const cells = (rows * columns) / area;
  if (!Number.isInteger(cells))
    throw new Unsupported(`${rows} x ${columns} cells make no ${area} areas`);
  const flat = walk.op("flatten", { self: run(walk, module, "qkv", x), start_dim: 2 });
  const parts = t.view(t.transpose(flat, 1, 2), [n * area, cells, heads, 3 * width]);
  const [q, k, v] = threeOf(t.split(t.permute(parts, [0, 2, 3, 1]), [width, width, width], 2));
  const scores = t.mul(t.matmul(t.transpose(q, 2, 3), k), width ** -0.5);
  const mixed = t.matmul(v, t.transpose(t.softmax(scores, 3), 2, 3));
  const picture = (value: Ref): Ref => {
    const inCells = walk.op("reshape", {
      self: t.permute(value, [0, 3, 1, 2]),
      shape: [n, rows, columns, channels],
    });
    return t.permute(inCells, [0, 3, 1, 2]);
  };
  return run(walk, module, "proj", t.add(picture(mixed), run(walk, module, "pe", picture(v))));
};

/** Attention, then two convolutions, each with a shortcut. */
const attentionBlock =
  (first: string, second: string, always: boolean): Forward =>
  (module, inputs, walk) => {
    const t = arithmetic(walk);
    const adds = always || module.flag("add", true);
    const step = (x: Ref, name: string): Ref => {
      const made = run(walk, module, name, x);
      return adds ? t.add(x, made) : made;
    };
    return step(step(only(inputs), first), second);
  };

/** Half of the channels goes through attention. */
const partly =
  (through: Forward): Forward =>
  (module, inputs, walk) => {
    const t = arithmetic(walk);
    const half = module.number("c", 0);
    const [kept, other] = t.split(run(walk, module, "cv1", only(inputs)), [half, half], 1);
    if (!kept || !other) throw new Unsupported("it has no halves");
    return run(walk, module, "cv2", t.cat([kept, through(module, [other], walk)], 1));
  };

/** Blocks of area attention in a chain, and a scaled shortcut where there is one. */
const a2c2f: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const x = only(inputs);
  const made = chained(module, [run(walk, module, "cv1", x)], walk);
  const gamma = walk.tensor(module, "gamma");
  if (!gamma) return made;
  const scale = t.view(gamma, [1, at(walk.shape(gamma), 0), 1, 1]);
  return t.add(x, t.mul(scale, made));
};

/** Enlarged to masks of the whole picture. */
const proto: Forward = (module, inputs, walk) => {
  const large = run(walk, module, "upsample", run(walk, module, "cv1", only(inputs)));
  return run(walk, module, "cv3", run(walk, module, "cv2", large));
};
/** A distribution over distances, as its mean (Li et al., Generalized Focal Loss). */
const distances: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const x = only(inputs);
  const bins = module.number("c1", 16);
  const [n = 1, , boxes = 0] = walk.shape(x);
  const each = t.softmax(t.transpose(t.view(x, [n, 4, bins, boxes]), 1, 2), 1);
  return t.view(run(walk, module, "conv", each), [n, 4, boxes]);
};

/** By the class' own name, in whatever module it lay when the file was written. */
export const BLOCKS: Classes = {
  Conv: conv,
  DWConv: conv,
  ConvTranspose: (module, inputs, walk) => {
    const made = run(walk, module, "conv_transpose", only(inputs));
    const normed = module.optional("bn") ? run(walk, module, "bn", made) : made;
    return run(walk, module, "act", normed);
  },
  GhostConv: ghostConv,
  Focus: focus,
  Bottleneck: bottleneck,
  C3: c3,
  C3k: c3,
  C3x: c3,
  C3TR: c3,
  C2f: c2f,
  C3k2: c2f,
  C2: (module, inputs, walk) => {
    const made = walk.ops("chunk", {
      self: run(walk, module, "cv1", only(inputs)),
      chunks: 2,
      dim: 1,
    });
    const through = run(walk, module, "m", at(made, 0));
    return run(walk, module, "cv2", arithmetic(walk).cat([through, at(made, 1)], 1));
  },
  SPPF: sppf,
  SPP: spp,
  Concat: (module, inputs, walk) => arithmetic(walk).cat(inputs, module.number("d", 1)),
  Attention: attention,
  AAttn: areaAttention,
  PSABlock: attentionBlock("attn", "ffn", false),
  ABlock: attentionBlock("attn", "mlp", true),
  PSA: partly(attentionBlock("attn", "ffn", true)),
  C2PSA: partly((module, inputs, walk) => walk.run(module.child("m"), only(inputs))),
  C2fPSA: c2f,
  A2C2f: a2c2f,
  Proto: proto,
  DFL: distances,
  Sequential: sequential,
};
