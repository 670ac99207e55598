import { differentiateGuided } from "../../engine/guided.ts";
import { differentiate } from "../../engine/index.ts";
import { differentiateRedirected } from "../../engine/redirected.ts";
import { relevance } from "../../engine/relevance/index.ts";
import type { Engine } from "../../engine/types.ts";
import { asMaps, mapNode } from "../../methods/activations/index.ts";
import { camHead } from "../../methods/cam/head.ts";
import { explainCell } from "../../methods/dot-product/index.ts";
import { forward } from "../../methods/forward.ts";
import { classScores, predict } from "../../methods/predict/index.ts";
import { classCount, type Output } from "../../methods/outputs/index.ts";
import type { Inputs, Scores, Subject } from "../../methods/types.ts";
import type { ClassScore, DotProduct } from "../../shared/contract/lenses.ts";
import type { AutoLayer } from "../../shared/contract/model.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer, NodeId } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { MapOf } from "../open/automatic.ts";
import type { OpenModel } from "../open/model.ts";
import { MERGED, noLayerFor } from "./words.ts";
import type { ValueCache } from "./value-cache.ts";

/** What is fed, and under which name its values are remembered (the picture and how it was preprocessed). */
export interface Fed {
  readonly key: string;
  readonly inputs: Inputs;
}

/** Scores with the names of their classes, where they are known. */
interface Classes {
  readonly scores: Scores;
  readonly labels: readonly string[] | null;
}

/** A model on an engine: the methods, with one forward pass shared by all that is asked of a picture. */
export class Runner {
  /** What the methods take: the graph on its engine, with its differentiation. */
  readonly subject: Subject;

  constructor(
    readonly model: OpenModel,
    readonly engine: Engine,
    private readonly cache: ValueCache,
  ) {
    const { notRunnable } = model.summary;
    if (notRunnable !== null) throw inputError(notRunnable);
    this.subject = {
      graph: model.graph,
      engine,
      differentiate,
      differentiateGuided,
      differentiateRedirected,
      relevance,
    };
  }

  /** Values of nodes, from the cache where they are. */
  async values(
    fed: Fed,
    nodes: readonly NodeId[],
    graph = this.model.graph,
  ): Promise<FloatTensor[]> {
    const keyOf = (node: NodeId): string =>
      `${this.model.path}\n${this.model.key}\n${fed.key}\n${this.engine.info.name}\n${node}`;
    const known = new Map(nodes.map((node) => [node, this.cache.get(keyOf(node))]));
    const missing = [...known].filter(([, value]) => !value).map(([node]) => node);
    if (missing.length > 0) {
      const computed = await forward({ graph, engine: this.engine }, fed.inputs, missing);
      missing.forEach((node, i) => {
        const value = computed[i];
        if (!value) return;
        known.set(node, value);
        this.cache.set(keyOf(node), value);
      });
    }
    return nodes.map((node) => {
      const value = known.get(node);
      if (!value) throw new RangeError(`the engine returned nothing for '${node}'`);
      return value;
    });
  }

  /** Every class of the (first) picture by an output (null: the first), in class order. Throws a usage error where that has none. */
  async classes(fed: Fed, output: Output | null = null): Promise<ClassScore[]> {
    const { outputs } = this.model;
    const of = output ?? outputs.find(null);
    return this.classesBy(fed, outputs.classes(of), this.labelsOf(of));
  }

  /** The classes of some scores, in order. */
  async classesBy(
    fed: Fed,
    scores: Scores,
    labels: readonly string[] | null,
  ): Promise<ClassScore[]> {
    const nodes = [scores.logits, ...(scores.probabilities === null ? [] : [scores.probabilities])];
    const likely = scores === this.model.scoresOrNone ? this.likely() : [];
    const [logits, second] = await this.values(fed, [...nodes, ...likely], scores.graph);
    if (!logits) throw new RangeError("the engine returned no logits");
    const probabilities = scores.probabilities === null ? null : (second ?? null);
    return classScores(scores, { logits, probabilities }, labels);
  }

  /** The names of an output's classes, where there are as many as it has. */
  labelsOf(output: Output): readonly string[] | null {
    const { labels } = this.model;
    return labels !== null && labels.length === classCount(output) ? labels : null;
  }

  /** Every class (at a place; left out: of the picture) of an input that will not be asked about again; nothing is kept. */
  async classesOf(inputs: Inputs, place?: Classes): Promise<ClassScore[]> {
    const { scores, labels } = place ?? {
      scores: this.model.scores,
      labels: this.labelsOf(this.model.outputs.find(null)),
    };
    return classScores(scores, await predict(this.subject, scores, inputs), labels);
  }

  /** What Grad-CAM will want of the same pass: the maps, and what its backward pass reads. */
  private likely(): NodeId[] {
    const { summary, scoresOrNone: scores } = this.model;
    const layer = summary.camLayer && this.model.layer(summary.camLayer.name);
    if (!layer?.output) return [];
    const source = layer.output;
    const maps = mapNode(this.model.graph, layer, false);
    try {
      const { residuals } = camHead(this.subject, scores, { source, maps, layer: layer.name });
      return [...new Set([source, maps]), ...residuals];
    } catch {
      // what cannot be differentiated can still be predicted with
      return [...new Set([source, maps])];
    }
  }

  /** A layer's maps of the first picture, [h, w, channels]. */
  async maps(fed: Fed, layer: Layer, preActivation: boolean): Promise<FloatTensor> {
    const [value] = await this.values(fed, [mapNode(this.model.graph, layer, preActivation)]);
    if (!value) throw new RangeError("the engine returned no maps");
    return asMaps(value);
  }

  /** The layers whose maps are asked for, with the reason; `auto` stands for those that the model offers. */
  camLayers(names: readonly string[], of: MapOf): { layers: Layer[]; why: string } {
    const each = names.map((name): AutoLayer => {
      if (name !== "auto") return { name, merged: [], why: "chosen by hand" };
      const auto = this.model.camLayerOf(of);
      if (auto) return auto;
      throw inputError(noLayerFor(this.model.summary, of.method ?? "grad-cam"));
    });
    const wanted = each.flatMap(({ name, merged }) => [...merged, name]);
    const layers = [...new Set(wanted.map((name) => this.model.layer(name)))];
    const [only, ...others] = each;
    if (layers.length === 1 || !only) return { layers, why: only?.why ?? "" };
    return { layers, why: others.length > 0 ? MERGED : only.why };
  }

  /** Names of the pictures that the cells of all these layers are positions of. Throws a usage error where they lie over different ones. */
  picturesUnder(layers: readonly Layer[]): string[] {
    const { summary } = this.model;
    const each = layers.map(
      ({ name }) => summary.layers.find((layer) => layer.name === name)?.pictures ?? [],
    );
    const [first = [], ...others] = each;
    const common = first.filter((name) => others.every((other) => other.includes(name)));
    if (common.length === 0 && each.some((pictures) => pictures.length > 0))
      throw usageError(
        `The maps of these layers lie over different pictures, so they are not merged: ${layers.map(({ name }, i) => `${name} over ${each[i]?.join(" and ") || "none"}`).join(", ")}.`,
      );
    return common;
  }

  explain(
    fed: Fed,
    layer: Layer,
    cell: { filter: number; y: number; x: number },
  ): Promise<Omit<DotProduct, "engine" | "seconds">> {
    return explainCell(this.subject, layer, fed.inputs, cell, this.model.preprocessing.order);
  }
}
