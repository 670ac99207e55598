/** Networks whose files and PyTorch's numbers are here: how far their outputs are off, and whether they can be explained. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { createEngine } from "../../src/engine/index.ts";
import type { Pair, TensorSpec } from "../../src/graph/index.ts";
import { forward } from "../../src/methods/forward.ts";
import { OpenModel } from "../../src/session/index.ts";
import { explainFailures } from "../../test/conformance/lib/explain.ts";
import type { Network } from "./table.ts";
import { knownPicture, knownWeights, ownNetwork } from "../../test/support/known-network.ts";

const root = path.join(import.meta.dirname, "..", "..");
const torch = path.join(root, "test", "models", "torch");
const own = path.join(root, "test", "golden", "data", "own");

interface Case extends Pick<Network, "kind" | "name"> {
  readonly file: string;
  readonly structure?: string;
  readonly size: Pair | null;
  /** Of each input and output, in the order of the graph. */
  readonly input: (spec: TensorSpec) => FloatTensor;
  /** In the order of the file; as many numbers as are known. */
  readonly outputs: (specs: readonly TensorSpec[]) => readonly ArrayLike<number>[];
}

const TORCHSCRIPT = {
  "script_residual.pt": ["script_residual", null],
  "script_dense.pt": ["script_dense", null],
  "script_frozen.pt": ["script_dense", null],
  "script_lite.ptl": ["script_dense", null],
  "script_pyramid.pt": ["script_pyramid", [8, 12]],
  "script_tokens.pt": ["script_tokens", null],
} as const;

interface Saved {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
/** Channels last where the file has them first. */
function arranged({ shape, data }: Saved, spec: TensorSpec): FloatTensor {
  if (spec.fileShape === undefined || shape.length !== 4)
    return floats(shape, Float32Array.from(data));
  const [n, c, h, w] = [0, 1, 2, 3].map((axis) => at(shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  const moved = Float32Array.from(data, (_, i) => {
    const [k, x] = [i % c, Math.floor(i / c) % w];
    const [y, b] = [Math.floor(i / (c * w)) % h, Math.floor(i / (c * w * h))];
    return at(data, ((b * c + k) * h + y) * w + x);
  });
  return floats([n, h, w, c], moved);
}

function* cases(folder: string): Generator<Case> {
  for (const script of readdirSync(own).filter((name) => name.endsWith(".py"))) {
    const name = path.basename(script, ".py");
    const network = ownNetwork(name);
    const file = path.join(folder, `${name}.pth`);
    writeFileSync(file, knownWeights(network));
    yield {
      ...{ kind: "own", name: script, file, structure: path.join(own, `${name}.pt2`), size: null },
      input: () => knownPicture(network),
      outputs: () => [network.logits],
    };
  }
  const recorded = (
    kind: Case["kind"],
    name: string,
    peer: string,
    size: Case["size"] = null,
  ): Case => {
    const told = JSON.parse(readFileSync(path.join(torch, `${peer}.json`), "utf8")) as {
      readonly input: Saved;
      readonly outputs: readonly Saved[];
    };
    return {
      ...{ kind, name, file: path.join(torch, name), size },
      input: (spec) => arranged(told.input, spec),
      outputs: (specs) => specs.map((spec, i) => arranged(at(told.outputs, i), spec).data),
    };
  };
  for (const [name, [peer, size]] of Object.entries(TORCHSCRIPT))
    yield recorded("torchscript", name, peer, size);
  for (const name of readdirSync(torch).filter((file) => /^ultralytics_.*\.pt$/.test(file)))
    yield recorded("ultralytics", name, path.basename(name, ".pt"));
}

/** One after the other. */
export async function* measured(): AsyncGenerator<Network> {
  const { engine } = await createEngine("auto");
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-networks-"));
  try {
    for (const { kind, name, file, structure, size, input, outputs } of cases(folder)) {
      const options = { structure, ...(size && { inputSize: size }) };
      const opened = await OpenModel.open(file, options);
      const { graph } = opened;
      const picture = input(at(graph.inputs, 0));
      const found = await forward(
        { graph, engine },
        [picture],
        graph.outputs.map(({ node }) => node),
      );
      const wanted = outputs(graph.outputs);
      const logits = Math.max(...wanted.map((numbers, i) => apart(at(found, i).data, numbers)));
      const opens = graph.layers.every(({ opaque }) => opaque === null);
      engine.release(graph);
      opened.close();
      const [n, ...rest] = picture.shape;
      const one = floats([1, ...rest], picture.data.slice(0, picture.data.length / (n ?? 1)));
      const failures = await explainFailures(file, engine, one, options);
      const why = Object.values(failures).find((each) => each !== null);
      yield {
        ...{ kind, name, opens, logits },
        gradCam: failures["Grad-CAM"] === null,
        integrated: failures["Integrated Gradients"] === null,
        ...(why && { why }),
        engine: engine.info.version,
      };
    }
  } finally {
    engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

function apart(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(at(found, i) - at(wanted, i)));
    size = Math.max(size, Math.abs(at(wanted, i)));
  }
  return difference / size;
}
