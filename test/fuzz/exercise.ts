/** Does with one file what ConvLens would do, and says what must not happen. */
import { readFileSync } from "node:fs";
import { createEngine, type Engine } from "../../src/engine/index.ts";
import { decodeRows, judge as judgeHeader } from "../../src/pictures/decode/decode.ts";
import { PictureBytes } from "../../src/pictures/decode/bytes.ts";
import { HELD_PIXELS } from "../../src/pictures/decode/format.ts";
import { decodePicture, decodeNpy } from "../../src/pictures/index.ts";
import { OpenModel } from "../../src/session/index.ts";
import { ConvLensError } from "../../src/base/errors.ts";
import type { ModelGraph } from "../../src/graph/index.ts";
import { sizeOf, type TensorData } from "../../src/base/tensor.ts";
import type { Random } from "./random.ts";
import type { Target } from "./targets.ts";

/** What is wrong, in one line, and where. */
export interface Complaint {
  readonly what: string;
  readonly stack: string;
}
/** The file was read, or refused in one sentence. */
export type Outcome = "read" | "refused" | Complaint;

const RUN_ONE_IN = 20;
const WEIGHTS_READ = 3;
const MAX_RUN_ELEMENTS = 5e6;
const MAX_RUN_MACS = 5e7;

export async function exercise(
  kind: Target["kind"],
  file: string,
  random: Random,
): Promise<Outcome> {
  try {
    if (kind === "picture") await exercisePicture(file);
    else if (kind === "array") decodeNpy(readFileSync(file), file);
    else await exerciseModel(file, random);
    return "read";
  } catch (error) {
    return judge(error, kind === "model") ?? "refused";
  }
}

/** Bad input may be refused, in one sentence; an error that a reader did not mean to throw is a defect, however it is worded. */
function judge(error: unknown, unwrap = false): Complaint | null {
  if (unwrap && error instanceof ConvLensError && error.cause !== undefined)
    return judge(error.cause);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!(error instanceof ConvLensError)) return { what: firstLine(String(error)), stack };
  const { message } = error;
  if (/[\n\0]/.test(message) || !/[.)]$/.test(message) || message.length > 1200)
    return { what: `no sentence: ${JSON.stringify(message.slice(0, 300))}`, stack };
  return null;
}
const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 300);

/** Large ones as they are decoded on a thread, a few of their rows. */
async function exercisePicture(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const judged = judgeHeader(PictureBytes.of(bytes), file);
  const { width, height } = judged.size;
  if (width * height > HELD_PIXELS)
    await decodeRows(judged, { wants: (y) => y % 37 === 0, take: () => undefined });
  else {
    const { rgb } = await decodePicture(bytes, file);
    if (rgb.length !== width * height * 3) throw new TypeError(`${rgb.length} bytes of pixels`);
  }
}

async function exerciseModel(file: string, random: Random): Promise<void> {
  const model = await OpenModel.openOwn(file);
  try {
    const { summary, graph } = model;
    checkSummary(JSON.parse(JSON.stringify(summary)) as typeof summary);
    const weights = graph.layers.flatMap((layer) => layer.weights);
    for (let i = 0; i < Math.min(WEIGHTS_READ, weights.length); i++) {
      const weight = random.pick(weights);
      await refusing(async () => {
        const value = await graph.weights.read(weight.ref);
        if (value.data.length !== sizeOf(value.shape))
          throw new TypeError(`${value.data.length} numbers for [${value.shape.join(", ")}]`);
      });
    }
    if (random.below(RUN_ONE_IN) === 0) await refusing(() => runOnce(graph));
  } finally {
    model.close();
  }
}

/** A refusal of one part is no reason not to try the others. */
async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (judge(error) !== null) throw error;
  }
}

function checkSummary({ layers, totals, bytes }: OpenModel["summary"]): void {
  const numbers = [totals.params, totals.macs, bytes, ...layers.map(({ params }) => params)];
  const odd = numbers.find((value) => !Number.isFinite(value) || value < 0);
  if (odd !== undefined) throw new TypeError(`the summary counts ${String(odd)}`);
  for (const { name, outputShape } of layers)
    if (outputShape?.some((axis) => axis !== null && !(Number.isSafeInteger(axis) && axis >= 0)))
      throw new TypeError(`layer '${name}' has the shape [${outputShape.join(", ")}]`);
}

let engine: Engine | undefined;

async function runOnce(graph: ModelGraph): Promise<void> {
  const elements = graph.nodes.map(({ shape }) => sizeOf(shape.map((axis) => axis ?? 1)));
  const total = elements.reduce((sum, count) => sum + count, 0);
  const { summariseLayers } = await import("../../src/methods/inspect/index.ts");
  const macs = summariseLayers(graph).reduce((sum, layer) => sum + layer.macs, 0);
  if (!(total <= MAX_RUN_ELEMENTS && macs <= MAX_RUN_MACS) || graph.outputs.length === 0) return;
  engine ??= (await createEngine("wasm")).engine;
  const zeros = ({ dtype, shape }: ModelGraph["inputs"][number]): TensorData => {
    const concrete = shape.map((axis) => axis ?? 1);
    const count = sizeOf(concrete);
    if (dtype === "float32") return { dtype, shape: concrete, data: new Float32Array(count) };
    if (dtype === "int32") return { dtype, shape: concrete, data: new Int32Array(count) };
    return { dtype, shape: concrete, data: new Uint8Array(count) };
  };
  try {
    const program = await engine.compile(
      graph,
      graph.inputs.map(({ node }) => node),
      graph.outputs.map(({ node }) => node),
    );
    const results = await program.run(graph.inputs.map(zeros));
    for (const { data, shape } of results)
      if (data.length !== sizeOf(shape)) throw new TypeError("a result of another size");
  } finally {
    engine.release(graph);
  }
}
