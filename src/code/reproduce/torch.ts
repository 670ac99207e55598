/** torch.export: the exported program runs node by node, so that every value can be had. */
import { ascentCode, attributionFormula, camFormula, NCHW } from "./explain.ts";
import { pictureCode, PICTURE_IMPORTS } from "./picture.ts";
import { classLine, imageOf, layerOf, list, onlyTarget, text, type Facts } from "./types.ts";
import type { MaximizeQuestion, Targets } from "../../shared/question.ts";
import { scoredBy, type Asking, type Scored } from "./scored.ts";
import { TORCH } from "./target.ts";

/** Null: it cannot be said in a few lines. */
export function torchCode(facts: Facts): string | null {
  const { summary } = facts;
  const body = bodyOf(facts);
  if (body === null) return null;
  const image = imageOf(facts);
  const picture = image === null ? "" : `\n\n${pictureCode(summary, image, "NCHW")}`;
  return `${PICTURE_IMPORTS}import torch

program = torch.export.load(${text(summary.path)})
module = program.module()


class Values(torch.fx.Interpreter):
    """Runs the network and keeps what each node gives."""

    def run_node(self, node):
        self.seen[node.name] = value = super().run_node(node)
        return value

    def of(self, x):
        self.seen = {}
        self.seen["output"] = self.run(x)
        return self.seen


network = Values(module)
${picture}
${body}`;
}

/** The node of the exported graph: a layer is called by its module's path, and its node is another name of it. */
const nodeOf = ({ summary }: Facts, layer: string): string =>
  summary.layers.find(({ name }) => name === layer)?.aliases[0] ?? layer;

/** Where the class scores are: before a softmax or sigmoid at the end. */
function scoresAt(facts: Facts): string {
  const [before, last] = facts.summary.layers.slice(-2);
  const ends = /softmax|sigmoid/i.test(`${last?.className ?? ""} ${last?.aliases.join(" ") ?? ""}`);
  return ends && before ? text(nodeOf(facts, before.name)) : '"output"';
}
const firstOutput = "scores = scores[0] if isinstance(scores, (tuple, list)) else scores\n";

function bodyOf(facts: Facts): string | null {
  const { shown } = facts;
  const layer = layerOf(facts);
  const needed = imageOf(facts) !== null;
  switch (shown.kind) {
    case "filters":
      return layer === null
        ? null
        : `kernel = program.state_dict[${text(`${layer}.weight`)}].detach().numpy()  # filters, inputs, rows, columns
print(kernel.shape, kernel.min(), kernel.max())
print("norms", np.sqrt((kernel**2).sum((1, 2, 3))))
${shown.filter === null ? "" : `print(kernel[${shown.filter}])\n`}`;
    case "activations":
      return needed && layer !== null
        ? `with torch.no_grad():
    maps = network.of(torch.from_numpy(x))[${text(nodeOf(facts, layer))}].numpy()[0]
print(maps.shape, maps.min(), maps.max())
`
        : null;
    case "cam": {
      const formula = camFormula(shown, NCHW);
      const scored = scoredBy(facts.summary, shown, asking(facts));
      return needed && layer !== null && formula !== null && scored
        ? cam(facts, scored, layer, formula)
        : null;
    }
    case "attribute": {
      const { mean, std } = facts.summary.preprocessing;
      const black = `np.broadcast_to((-np.float32(${list(mean)}) / np.float32(${list(std)})).reshape(1, -1, 1, 1), x.shape)`;
      const formula = attributionFormula(shown, black);
      const scored = scoredBy(facts.summary, shown, asking(facts));
      return needed && formula !== null && scored
        ? `${gradient(scored)}${formula}print(attribution.shape, attribution.min(), attribution.max())\n`
        : null;
    }
    case "maximize":
      return maximize(facts, shown);
    default:
      return needed
        ? `with torch.no_grad():
    scores = network.of(torch.from_numpy(x))[${scoresAt(facts)}]
${firstOutput}probabilities = torch.softmax(scores[0], 0)
for index in torch.argsort(-scores[0])[:5].tolist():
    print(index, float(probabilities[index]), float(scores[0, index]))
`
        : "print(program)\n";
  }
}

const classOf = (targets: Targets): string => classLine(targets, "int(scores[0].argmax())");

/** What is said is the name of a value, of all that the network gives. */
const asking = (facts: Facts): Asking => ({
  dialect: TORCH,
  ofPicture: (targets) => ({
    ...{ network: scoresAt(facts), setup: `${classOf(targets)}\n` },
    ...{ score: "scores[0, CLASS]", said: '"class", CLASS, ' },
  }),
  say: (raw) => {
    if (!raw && facts.summary.outputs.length > 1) return null;
    const network = raw ? '"output"' : scoresAt(facts);
    const setup = `

def say(x):
    given = network.of(x if torch.is_tensor(x) else torch.from_numpy(x))[${network}]
    return given[0] if isinstance(given, (tuple, list)) else given


`;
    return { network, setup };
  },
});

const cam = (
  facts: Facts,
  { network, setup, score, said }: Scored,
  layer: string,
  formula: string,
): string => `values = network.of(torch.from_numpy(x).requires_grad_())
scores = values[${network}]
${firstOutput}${setup}A = values[${text(nodeOf(facts, layer))}]
g = torch.autograd.grad(${score}, A)[0].numpy()
A = A.detach().numpy()
${formula}print(${said}"largest", raw.max())
`;

const gradient = ({
  network,
  setup,
  score,
}: Scored): string => `scores = network.of(torch.from_numpy(x))[${network}]
${firstOutput}${setup}

def gradient(x):
    x = torch.from_numpy(np.asarray(x, np.float32)).requires_grad_()
    scores = network.of(x)[${network}]
    scores = scores[0] if isinstance(scores, (tuple, list)) else scores
    return torch.autograd.grad(${score}, x)[0].numpy()


`;

function maximize(facts: Facts, question: MaximizeQuestion): string | null {
  const { summary } = facts;
  const only = onlyTarget(question);
  if (!only || "expression" in only) return null;
  const { scale, mean, std } = summary.preprocessing;
  const shape = (summary.inputs[0]?.shape ?? []).slice(1).map((axis) => axis ?? 0);
  const ends = `(np.float32([0, 255])[:, None] * np.float32(${scale}) - np.float32(${list(mean)})) / np.float32(${list(std)})`;
  const value =
    "classIndex" in only
      ? `value = values[${scoresAt(facts)}][0, ${only.classIndex}]`
      : `value = values[${text(nodeOf(facts, only.layer))}][:, ${only.filter}].mean()`;
  return `def activation(x):
    x = torch.from_numpy(np.asarray(x, np.float32)).requires_grad_()
    values = network.of(x)
    ${value}
    return float(value), torch.autograd.grad(value, x)[0].numpy()


${ascentCode(question, `(${ends}).min(0).reshape(1, -1, 1, 1)`, `(${ends}).max(0).reshape(1, -1, 1, 1)`, `(1, ${shape.join(", ")})`)}`;
}
