/** The outputs of an open model: what each is, by its name, and its scores at a place. */
import {
  classCount,
  likenessTo,
  logitTable,
  numberAt,
  openOutputs,
  scoresAt,
  summariseOutput,
  type Output,
  type Spot,
} from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import {
  isOpaque,
  notRun,
  opaqueBefore,
  prune,
  type ModelGraph,
  type NodeId,
} from "../../graph/index.ts";
import { inputError, nearest, usageError } from "../../base/errors.ts";
import type { BoxScores, OutputSummary } from "../../shared/contract/outputs.ts";
import { howToAsk } from "../run/words.ts";

/** What was picked in an output; `number`: one of its numbers in place of classes; `direction`: how much it points there. */
export interface Pick {
  readonly spot: Spot;
  readonly number?: number;
  readonly direction?: Float32Array;
}

/** All outputs of a graph, as they are read with so many class names beside. */
export class Outputs {
  readonly all: readonly Output[];
  private readonly known = new Map<string, Scores>();
  private readonly tables = new Map<string, ReturnType<typeof logitTable>>();
  private made = 0;

  private readonly graph: ModelGraph;
  /** The file's own, without boxes that are decoded from them. */
  readonly own: readonly Output[];

  constructor(graph: ModelGraph, labels: number | null) {
    const { all, own, graph: decoded } = openOutputs(graph, labels);
    this.graph = decoded;
    this.all = all;
    this.own = all.slice(0, own);
  }

  get summaries(): OutputSummary[] {
    return this.own.map((output) => {
      const { name, shape } = summariseOutput(output);
      const scored = this.scored(output);
      // of a raw head what is decoded from it can be asked
      return this.own.includes(scored)
        ? {
            ...summariseOutput(output),
            boxScores: scored === output ? this.boxScores(output) : null,
          }
        : { ...summariseOutput(scored), name, shape };
    });
  }

  private boxScores(output: Output): BoxScores | null {
    const { kind, classes, layout } = output;
    if (kind !== "detection" || classes === null || layout.split > 1) return null;
    return { columns: classes, activation: this.at(output, WHOLE).activation };
  }

  /** By its name or its number from 0; null: the first. Throws a usage error that lists the nearest names. */
  find(name: string | null): Output {
    const [first] = this.own;
    if (!first) throw withoutOutput(this.graph);
    if (name === null) return first;
    // answers name the boxes that are decoded, so these can be asked by it
    const found = [...this.own, ...this.all].find(({ spec }) => spec.name === name);
    const counted = /^\d+$/.test(name) ? this.own[Number(name)] : undefined;
    const output = found ?? counted;
    if (output) return output;
    const names = nearest(
      name,
      this.own.map(({ spec }) => spec.name),
      8,
    );
    throw usageError(`There is no output '${name}'; the nearest are ${names.join(", ")}.`);
  }

  /** The output that has the class scores of a detector of several outputs; else the output itself. */
  scored(output: Output): Output {
    return (output.boxes && this.all[output.boxes.scores]) ?? output;
  }

  /** What can be computed of an output: itself, or of one behind a layer that is not run what is asked in its place. */
  computed(output: Output): Output {
    const opaque = opaqueBefore(this.graph, [output.spec.node]).length > 0;
    return opaque ? this.scored(output) : output;
  }

  /** Scores at a place; those of a place that is no picture's own are made once. */
  at(output: Output, { spot, number, direction }: Pick): Scores {
    const fixed = !direction && (spot.kind === "place" || spot.kind === "mean");
    const place = spot.kind === "place" && output.places > 1 ? ` ${spot.place}` : "";
    const there = spot.kind === "place" ? place : ` ${spot.kind}`;
    const column = number === undefined ? "" : ` number ${number}`;
    // what is computed is remembered by the nodes' names
    const id = `${output.spec.name}${there}${column}${fixed ? "" : ` ${++this.made}`}`;
    const before = this.known.get(id);
    if (before) return before;
    const graph = this.graphOf(output);
    const picked = (): Scores =>
      number === undefined
        ? scoresAt(graph, output, spot, id)
        : numberAt(graph, output, spot, number, id);
    const scores = direction ? likenessTo(graph, output, direction, id) : picked();
    if (fixed) this.known.set(id, scores);
    return scores;
  }

  /** Class scores of the whole picture. Throws a usage error for an output that has none. */
  classes(output: Output): Scores {
    const scores = this.classesOrNull(output);
    if (scores) return scores;
    throw this.unasked(output, false);
  }
  /** The same; null for an output that has none. */
  classesOrNull(output: Output): Scores | null {
    if (isOneNumber(output)) return this.twoSides(output);
    const has = output.kind === "classes" && classCount(output) !== null;
    return has ? this.at(output, WHOLE) : null;
  }

  /** Why nothing of an output is explained by itself: it cannot be run, or it has to be said what is asked about. */
  unasked(output: Output, ofPlaces = true): Error {
    const opaque = opaqueBefore(this.graph, [output.spec.node]);
    if (opaque.length > 0) return notRun(opaque, this.graph);
    return usageError(howToAsk(summariseOutput(output), ofPlaces));
  }

  /** Class scores of all places before their activation, [N, places, classes]. */
  logits(output: Output): { readonly graph: ModelGraph; readonly node: NodeId } {
    const key = output.spec.name;
    const known = this.tables.get(key) ?? logitTable(this.graphOf(output), output, `${key} scores`);
    this.tables.set(key, known);
    return known;
  }

  /** The node whose layers explain an output: its own, or of a detector's that holds no scores the class scores beside it. */
  cause(output: Output): { readonly graph: ModelGraph; readonly logits: NodeId } {
    const own = { graph: this.graphOf(output), logits: output.spec.node };
    const scored = this.scored(output);
    if (scored === output) return own;
    const { graph, node } = this.logits(scored);
    const before = prune(graph.nodes, new Set(), [node]);
    return before.some(({ id }) => id === own.logits) ? own : { graph, logits: node };
  }

  /** One number that is asked about as two classes: 1 where it is high, 0 where it is low. */
  private twoSides(output: Output): Scores {
    const two: Output = { ...output, classes: [0, 1], choice: "two" };
    const key = `${output.spec.name} two sides`;
    const scores = this.known.get(key) ?? scoresAt(this.graphOf(output), two, WHOLE.spot, key);
    this.known.set(key, scores);
    return scores;
  }

  /** The graph with an output before the others, for what asks of "the" output. */
  graphOf({ spec }: Output): ModelGraph {
    const { outputs } = this.graph;
    return { ...this.graph, outputs: [spec, ...outputs.filter((other) => other !== spec)] };
  }
}

/** Whether an output is one value, which can be asked about as two classes. */
export const isOneNumber = ({ kind, numbers }: Output): boolean =>
  kind === "regression" && numbers === 1;

const WHOLE: Pick = { spot: { kind: "place", place: 0 } };

/** An output whose shape nobody knows is left out: the layer that is not run is the reason. */
function withoutOutput(graph: ModelGraph): Error {
  const opaque = graph.nodes.filter(isOpaque);
  if (opaque.length > 0) return notRun(opaque, graph);
  return inputError("The model has no output that could be read as class scores.");
}
