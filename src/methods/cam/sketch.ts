import { GraphBuilder, type Made, type NodeId, type OpAttrs } from "../../graph/index.ts";

/** What CAM formulas are made of: maps A [K, h, w, C] and gradients g of the score for K classes. */
export class Sketch extends GraphBuilder {
  /** Does to `x`, of the shape of `source`, what is done to `source` until it is `result`: laying tokens out over the picture. */
  again(source: NodeId, result: NodeId, x: NodeId): NodeId {
    if (result === source) return x;
    const { op, inputs, attrs } = this.get(result);
    const [input, ...others] = inputs;
    if (input === undefined) throw new RangeError(`'${result}' is not made of '${source}'`);
    const before = this.again(source, input, x);
    return this.add(op as Made, "cam_maps", [before, ...others], attrs as OpAttrs[Made]);
  }
  mul(a: NodeId, b: NodeId): NodeId {
    return this.add("mul", "cam_product", [a, b]);
  }
  plus(a: NodeId, b: NodeId): NodeId {
    return this.add("add", "cam_sum", [a, b]);
  }
  relu(x: NodeId): NodeId {
    return this.add("relu", "cam_pos", [x]);
  }
  /** [K, h, w, C] -> [K, C]. */
  meanOverCells(x: NodeId): NodeId {
    return this.add("mean", "cam_mean", [x], { axes: [1, 2], keepDims: false });
  }
  /** [K, h, w, C] -> [K, C], or [K, 1, 1, C]. */
  sumOverCells(x: NodeId, keepDims = false): NodeId {
    return this.add("sum", "cam_cells", [x], { axes: [1, 2], keepDims });
  }
  /** [K, h, w, C] -> [K, h, w]. */
  sumOverChannels(x: NodeId): NodeId {
    return this.add("sum", "cam_channels", [x], { axes: [3], keepDims: false });
  }
  /** sum_k alpha_k A^k: [K, h, w, C] and [K, C] -> [K, h, w]. */
  weighted(maps: NodeId, alpha: NodeId): NodeId {
    const channels = this.shape(alpha)[1] ?? null;
    const spread = this.add("reshape", "cam_spread", [alpha], { shape: [null, 1, 1, channels] });
    return this.sumOverChannels(this.mul(maps, spread));
  }
}
