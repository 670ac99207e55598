/** Heads whose anchors cannot be told from their shapes: their boxes are not decoded, and it is said why. */
import assert from "node:assert/strict";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../../../src/graph/index.ts";
import { openOutputs, type Output } from "../../../../src/methods/outputs/index.ts";

interface Heads {
  readonly anchors?: number;
  readonly strides?: readonly number[];
  readonly separable?: boolean;
}

/** Maps of coordinates and of 3 class scores on grids of a picture of 256 x 256. */
function openedWith({
  anchors = 9,
  strides = [8, 16, 32, 64, 128],
  separable = true,
}: Heads): readonly Output[] {
  const builder = new GraphBuilder();
  const picture = builder.input("picture", [null, 256, 256, 4]);
  const conv = (x: NodeId, [size, filters]: readonly [number, number], stride = 1): NodeId =>
    builder.add("conv2d", "conv", [x, builder.weight(`k${builder.nodes.length}`, [size, size, 4, filters])], {
      ...{ strides: [stride, stride], padding: "same", dilations: [1, 1] },
    }); // prettier-ignore
  const depthwise = (x: NodeId): NodeId =>
    builder.add("depthwiseConv2d", "depthwise", [x, builder.weight(`d${builder.nodes.length}`, [3, 3, 4, 1])], {
      ...{ strides: [1, 1], padding: "same", dilations: [1, 1] },
    }); // prettier-ignore
  const named = (kind: string, numbers: number) =>
    strides.map((stride) => {
      const x = conv(picture, [3, 4], stride);
      const node = conv(separable ? depthwise(x) : x, [1, anchors * numbers]);
      return { name: `${kind}_${stride}`, node };
    });
  const graph: ModelGraph = {
    ...{ format: "test", producer: null, layers: [], notes: [] },
    inputs: [{ name: "picture", node: picture, shape: builder.shape(picture), dtype: "float32" }],
    outputs: [...named("class", 3), ...named("box", 4)].map(({ name, node }) => ({
      ...{ name, node, shape: builder.shape(node), dtype: "float32" },
    })),
    nodes: builder.nodes,
    weights: { read: () => Promise.reject(new Error("none")), close: () => undefined },
  };
  return openOutputs(graph, null).all;
}

describe("anchors that the shapes do not prove", () => {
  it("nine on five grids from 8 pixels on, behind separable layers, are EfficientDet's", () => {
    const [boxes] = openedWith({}).slice(-1);
    assert.equal(boxes?.boxes?.coordinates?.form, "centre");
    assert.equal(boxes.places, 9 * (32 ** 2 + 16 ** 2 + 8 ** 2 + 4 ** 2 + 2 ** 2));
  });

  const REFUSED: Readonly<Record<string, readonly [Heads, RegExp]>> = {
    "six at each cell": [{ anchors: 6 }, /6 at each cell of 5 such grids/],
    "grids from 4 pixels on": [{ strides: [4, 8, 16, 32, 64] }, /9 at each cell of 5 such grids/],
    "three grids": [{ strides: [8, 16, 32] }, /9 at each cell of 3 such grids/],
    "layers that are not separable": [{ separable: false }, /9 at each cell of 5 such grids/],
  };
  for (const [name, [heads, said]] of Object.entries(REFUSED))
    it(`${name}: no boxes`, () => {
      for (const { kind, boxes } of openedWith(heads)) {
        assert.equal(kind, "detection");
        assert.equal(boxes?.coordinates?.form, "not decoded");
        assert.match(boxes.read ?? "", said);
        assert.match(boxes.read ?? "", /boxes are not decoded and only scores are told/);
      }
    });
});
