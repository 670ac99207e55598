/** The CAMs that follow from maps A [K, h, w, C] and gradients g of the score: each a few nodes, in one pass. */
import { GraphBuilder, type NodeId } from "../../graph/index.ts";

/** Both before ReLU: `signed` [K, h, w], `alpha` [K, C] the weight of each map (mean gradients where there is none). */
export interface CamNodes {
  readonly signed: NodeId;
  readonly alpha: NodeId;
}
type Build = (graph: Sketch, maps: NodeId, gradient: NodeId) => CamNodes;

const EPSILON = 1e-7;
/** pytorch-grad-cam's, which the golden numbers were made with; the paper has none. */
const PLUS_PLUS_EPSILON = 1e-6;

export const gradientCams = {
  /** Selvaraju et al. 2017, eq. 1 and 2. */
  "grad-cam": (graph, maps, gradient) => {
    const alpha = graph.meanOverCells(gradient);
    return { alpha, signed: graph.weighted(maps, alpha) };
  },
  /** Draelos, Carin 2020: sum_k A^k * g^k. */
  "hires-cam": (graph, maps, gradient) => ({
    alpha: graph.meanOverCells(gradient),
    signed: graph.sumOverChannels(graph.mul(maps, gradient)),
  }),
  /** Chattopadhay et al. 2018: a = g^2 / (2 g^2 + sum(A) g^3), 0 where g = 0; w = sum(a relu(g)). */
  "grad-cam++": (graph, maps, gradient) => {
    const square = graph.add("square", "cam_g2", [gradient]);
    const cube = graph.mul(square, gradient);
    const sums = graph.sumOverCells(maps, true);
    const denominator = graph.plus(
      graph.plus(graph.mul(square, graph.scalar(2)), graph.mul(sums, cube)),
      graph.scalar(PLUS_PLUS_EPSILON),
    );
    // where g = 0 the numerator is 0 too, so the quotient needs no case of its own
    const share = graph.add("div", "cam_share", [square, denominator]);
    const alpha = graph.sumOverCells(graph.mul(share, graph.add("relu", "cam_pos", [gradient])));
    return { alpha, signed: graph.weighted(maps, alpha) };
  },
  /** Fu et al. 2020: w = sum(g A) / sum(A). */
  "xgrad-cam": (graph, maps, gradient) => {
    const sums = graph.plus(graph.sumOverCells(maps), graph.scalar(EPSILON));
    const products = graph.sumOverCells(graph.mul(maps, gradient));
    const alpha = graph.add("div", "cam_alpha", [products, sums]);
    return { alpha, signed: graph.weighted(maps, alpha) };
  },
  /** Jiang et al. 2021: sum_k relu(g^k) A^k. */
  "layer-cam": (graph, maps, gradient) => {
    const positive = graph.add("relu", "cam_pos", [gradient]);
    return {
      alpha: graph.meanOverCells(positive),
      signed: graph.sumOverChannels(graph.mul(maps, positive)),
    };
  },
} satisfies Readonly<Record<string, Build>>;

export type GradientCamMethod = keyof typeof gradientCams;

/** The few phrases that CAM formulas are made of. */
export class Sketch extends GraphBuilder {
  mul(a: NodeId, b: NodeId): NodeId {
    return this.add("mul", "cam_product", [a, b]);
  }
  plus(a: NodeId, b: NodeId): NodeId {
    return this.add("add", "cam_sum", [a, b]);
  }
  meanOverCells(x: NodeId): NodeId {
    return this.add("mean", "cam_mean", [x], { axes: [1, 2], keepDims: false });
  }
  sumOverCells(x: NodeId, keepDims = false): NodeId {
    return this.add("sum", "cam_cells", [x], { axes: [1, 2], keepDims });
  }
  sumOverChannels(x: NodeId): NodeId {
    return this.add("sum", "cam_channels", [x], { axes: [3], keepDims: false });
  }
  /** sum_k alpha_k A^k */
  weighted(maps: NodeId, alpha: NodeId): NodeId {
    const channels = this.shape(alpha)[1] ?? null;
    const spread = this.add("reshape", "cam_spread", [alpha], { shape: [null, 1, 1, channels] });
    return this.sumOverChannels(this.mul(maps, spread));
  }
}
