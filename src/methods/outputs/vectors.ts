/** Outputs that are one row of numbers for each picture: classes, values, embeddings. */
import type { Choice, OutputKind } from "../../shared/contract/outputs.ts";
import type { GraphNode } from "../../graph/index.ts";
import { endOf, REARRANGES } from "./end.ts";
import type { Facts, Maker } from "./types.ts";

/** What an output was taken for, and by what. */
export interface Verdict {
  readonly kind: OutputKind;
  readonly choice: Choice | null;
  readonly why: string;
  readonly guessed: boolean;
}
const told = (kind: OutputKind, why: string, choice: Choice | null = null): Verdict => ({
  ...{ kind, why, choice, guessed: false },
});
const guess = (kind: OutputKind, why: string, choice: Choice | null = null): Verdict => ({
  ...{ kind, why, choice, guessed: true },
});

/** Of numbers that such a layer gives itself nothing is known. */
export const BEHIND = told("unknown", "It stands behind a layer that is not run.");

const EMBEDDING = /embed|feature|descriptor|fingerprint|latent/i;
const VALUES = /bbox|landmark|keypoint|coord|regress|offset|angle|pose|depth|distance|\bage\b/i;

/** What makes the numbers where no activation is behind, in words. */
const MAKERS: Readonly<Record<Maker, string>> = {
  dense: "a dense layer",
  pointwise: "a 1x1 convolution",
  conv: "a convolution",
  length: "a division by the vector's length",
  norm: "a normalization",
  pooled: "a mean over positions",
  joined: "several layers side by side",
  other: "no layer with weights",
  "not run": "a layer that is not run",
};

/** Of `count` numbers a picture. */
export function vectorVerdict(facts: Facts, count: number): Verdict {
  const { end, labels, spec } = facts;
  const named = labels !== null && labels === count;
  if (facts.ranked) return told("classes", `Its ${count} numbers are class scores.`, "one");
  if (end.maker === "not run" && end.activation === null && !named) return BEHIND;
  if (count === 1) return numberVerdict(facts);
  if (end.activation === "softmax")
    return told("classes", "Its numbers come out of a softmax.", "one");
  if (end.activation === "sigmoid" && !end.scaled)
    return VALUES.test(spec.name) && !named
      ? guess("regression", `It is called '${spec.name}', and its numbers come out of sigmoids.`)
      : told("classes", "Each of its numbers comes out of a sigmoid of its own.", "several");
  if (named)
    return told("classes", `There is a class name for each of its ${count} numbers.`, "one");
  if (end.maker === "length")
    return told("embedding", "Its numbers are divided by the length of their vector.");
  if (EMBEDDING.test(spec.name)) return guess("embedding", `It is called '${spec.name}'.`);
  if (VALUES.test(spec.name)) return guess("regression", `It is called '${spec.name}'.`);
  if (end.activation === "sigmoid" || end.activation === "tanh")
    return guess(
      "regression",
      `Its numbers come out of a ${end.activation}${end.scaled ? " that is scaled" : ""}.`,
    );
  if (isHead(facts))
    return guess(
      "classes",
      `Its ${count} numbers come out of ${MAKERS[end.maker]} without an activation, as class scores (logits) do.`,
      "one",
    );
  const from = end.activation === "relu" ? "a ReLU" : MAKERS[end.maker];
  return guess("embedding", `Its numbers come out of ${from}, and no layer for classes follows.`);
}

/** A layer with weights at the very end, or maps without an activation that are averaged (NIN, SqueezeNet). */
function isHead(facts: Facts): boolean {
  const { activation, maker } = facts.end;
  if (activation !== null) return false;
  if (maker !== "pooled") return maker !== "norm" && maker !== "length";
  const averaged = averagedMaps(facts);
  if (!averaged) return false;
  const end = endOf(facts.byId, averaged.id);
  const direct = averaged.op === "relu" && end.maker === "pointwise";
  return direct || (end.activation === null && end.maker !== "norm");
}

/** The maps whose mean the numbers are. */
function averagedMaps({ byId, spec }: Facts): GraphNode | undefined {
  let node = byId.get(spec.node);
  while (node && REARRANGES.has(node.op)) node = byId.get(node.inputs[0] ?? "");
  return node && byId.get(node.inputs[0] ?? "");
}

/** One number a picture. */
function numberVerdict({ end, labels, spec }: Facts): Verdict {
  if (end.activation === "sigmoid" && !end.scaled)
    return told("classes", "Its number comes out of a sigmoid: one class or the other.", "two");
  if (labels === 2) return told("classes", "There are two class names for its number.", "two");
  const by = end.activation === null ? "no activation follows" : `a ${end.activation} is its last`;
  return guess("regression", `'${spec.name}' is one number a picture, and ${by}.`);
}
