import assert from "node:assert/strict";
import { networkGraph } from "../../../src/methods/blocks/index.ts";
import { MOST_ITEMS } from "../../../src/methods/blocks/stages.ts";
import type { GraphBlock, GraphItem } from "../../../src/shared/contract/graph.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { layerNamed, residualLayers } from "../../support/synthetic-layers.ts";

const layersIn = (item: GraphItem): readonly number[] =>
  typeof item === "number" ? [item] : item.items.flatMap(layersIn);
const blocksIn = (block: GraphBlock): readonly GraphBlock[] => [
  block,
  ...block.items.flatMap((item) => (typeof item === "number" ? [] : blocksIn(item))),
];
/** As it is read: names of layers, and in brackets what is in a block. */
function outline(block: GraphBlock, layers: readonly LayerSummary[]): string {
  const items = block.items.map((item) =>
    typeof item === "number"
      ? (layers[item]?.name ?? "")
      : `${item.kind} ${item.label}[${outline(item, layers)}]`,
  );
  return items.join(" ");
}
/** A chain of layers of these names, `name:Class`. */
const chain = (names: readonly string[]): LayerSummary[] =>
  names.map((text, i) => {
    const [name = "", className = "Conv"] = text.split(":");
    const before = names[i - 1]?.split(":")[0];
    return layerNamed(name, className, before === undefined ? [] : [before]);
  });
const outlineOf = (layers: readonly LayerSummary[]): string =>
  outline(networkGraph(layers).network, layers);

describe("blocks of a network", () => {
  for (const [what, layers] of [
    ["named by modules", residualLayers(1000, true)],
    ["numbered", residualLayers(1000, false)],
    ["without wires", residualLayers(200, true).map((layer) => ({ ...layer, inputs: [] }))],
    [
      "without a repetition",
      residualLayers(300, false).map((layer, i) => ({ ...layer, className: `C${i}` })),
    ],
  ] as const)
    it(`hold every layer once, and never too many items (${what})`, () => {
      const { network } = networkGraph(layers);
      const all = [...layersIn(network)].sort((a, b) => a - b);
      assert.deepEqual(
        all,
        layers.map((_, place) => place),
      );
      const blocks = blocksIn(network);
      assert.equal(new Set(blocks.map(({ id }) => id)).size, blocks.length);
      for (const { kind, items } of blocks)
        assert.ok(kind === "repeat" || items.length <= MOST_ITEMS, `${items.length}`);
    });

  it("are modules by their paths, in the order of execution", () => {
    const layers = chain([
      "x",
      "a.0.conv",
      "a.0.norm:Norm",
      "a.1:Pool",
      "b.conv",
      "b.act:ReLU",
      "head",
    ]);
    assert.equal(
      outlineOf(layers),
      "x module a[module a.0[a.0.conv a.0.norm] a.1] module b[b.conv b.act] head",
    );
  });

  it("are models in models, and what begins alike in files without modules", () => {
    const inner = chain(["in", "inner/conv", "inner/pool:Pool", "out"]);
    assert.equal(outlineOf(inner), "in module inner[inner/conv inner/pool] out");
    const flat = chain([
      "in",
      "block2a_conv",
      "block2a_bn:Norm",
      "block2b_conv",
      "block2b_bn:Norm",
      "top",
    ]);
    assert.equal(
      outlineOf(flat),
      "in repeat block2[module block2a[block2a_conv block2a_bn] module block2b[block2b_conv block2b_bn]] top",
    );
  });

  it("are short where an exporter repeats the path in every part", () => {
    const layers = chain(["x", "/s/s.0/s.0.0/Conv", "/s/s.0/s.0.1/Relu:Relu", "/s/s.1/Conv", "y"]);
    assert.equal(
      outlineOf(layers),
      "x module s[module s.0[/s/s.0/s.0.0/Conv /s/s.0/s.0.1/Relu] /s/s.1/Conv] y",
    );
  });

  it("are none where names are only counted, or where the flow leaves and comes back", () => {
    assert.equal(outlineOf(chain(["x", "add_1:Add", "add_2:Add", "y"])), "x add_1 add_2 y");
    const shared = chain(["x", "norms.0:Norm", "mix.0", "norms.1:Norm", "mix.1", "y"]);
    assert.doesNotMatch(outlineOf(shared), /norms\[|mix\[/);
  });

  it("are repetitions by structure, whatever their names are", () => {
    const numbered = residualLayers(100, false);
    const { network } = networkGraph(numbered);
    const repeats = network.items.filter((item) => typeof item === "object");
    assert.deepEqual(
      repeats.map(({ kind, items }) => [kind, items.length, layersIn(items[0] ?? 0).length]),
      Array.from({ length: 4 }, () => ["repeat", 4, 7]),
    );
    const named = networkGraph(residualLayers(100, true)).network.items[1];
    assert.ok(typeof named === "object" && named.kind === "repeat" && named.label === "stage0");
  });

  it("are no repetition where sizes or wires differ", () => {
    const units = (width: (i: number) => number): LayerSummary[] =>
      chain(["x", ...[0, 1, 2].flatMap((i) => [`c${i}:Conv`, `r${i}:ReLU`]), "y:Dense"]).map(
        (layer, i) => ({
          ...layer,
          outputShape: [null, 8, 8, width(Math.floor((i - 1) / 2))],
        }),
      );
    assert.match(
      outlineOf(units(() => 4)),
      /^x repeat \[unit \[c0 r0\] unit \[c1 r1\] unit \[c2 r2\]\] y$/,
    );
    assert.equal(outlineOf(units((i) => i)), "x c0 r0 c1 r1 c2 r2 y");
    const apart = units(() => 4).map((layer) => ({
      ...layer,
      inputs: layer.name === "c1" ? ["x"] : layer.inputs,
    }));
    assert.doesNotMatch(outlineOf(apart), /unit \[c0 r0\] unit \[c1 r1\]/);
  });

  it("are stages of one size where a long network has no names", () => {
    const layers = chain(Array.from({ length: 90 }, (_, i) => `n${i}:Op${i}`)).map((layer, i) => ({
      ...layer,
      mapShape: [null, 64 >> Math.floor(i / 30), 64 >> Math.floor(i / 30), 8],
    }));
    const { network } = networkGraph(layers);
    assert.deepEqual(
      network.items.map((item) => typeof item === "object" && [item.kind, item.label]),
      [
        ["stage", "64 × 64"],
        ["stage", "32 × 32"],
        ["stage", "16 × 16"],
      ],
    );
  });

  it("ignores inputs that are no layers, and names each wire once", () => {
    const layers = [
      layerNamed("a", "Input", []),
      layerNamed("b", "Add", ["a", "a", "constant", "b"]),
    ];
    assert.deepEqual(networkGraph(layers).edges, [{ from: 0, to: 1 }]);
  });

  it("follow the order of execution where the list does not", () => {
    const layers = [
      layerNamed("c", "C", ["b"]),
      layerNamed("a", "A", []),
      layerNamed("b", "B", ["a"]),
    ];
    assert.equal(outlineOf(layers), "a b c");
  });
});
