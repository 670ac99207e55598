/**
 * Our side of the warm rows: the parts that the compute process uses, without the process around them.
 *
 *   warm.ts serve TASK MODEL INPUT.npy OUT [LAYER] [CLASS] [ENGINE]   answers as the peers do, see peers/common.py
 *   warm.ts input MODEL PICTURE INPUT.npy                             writes what every side is fed
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createEngine } from "../src/engine/index.ts";
import { mapNode } from "../src/methods/activations/index.ts";
import { upsample } from "../src/methods/cam/index.ts";
import { decodeNpy, encodeNpy } from "../src/pictures/index.ts";
import { feedPicture, OpenModel, PictureStore, Runner, ValueCache } from "../src/session/index.ts";
import type { EngineChoice } from "../src/shared/engines.ts";
import { asFloats, floats, type FloatTensor } from "../src/shared/tensor.ts";

const MEGABYTE = 2 ** 20;
const CACHE_BYTES = 2 ** 30;

interface Job {
  readonly model: OpenModel;
  readonly input: FloatTensor;
  readonly layer: string;
  readonly classIndex: number;
  /** A runner that remembers nothing yet, so that nothing is answered from its cache. */
  runner(): Runner;
}
/** Arrays by name. */
type Arrays = Record<string, FloatTensor>;

const fedWith = ({ input }: Job): { key: string; inputs: FloatTensor[] } => ({
  key: "input",
  inputs: [input],
});

const TASKS: Readonly<Record<string, (job: Job) => Promise<Arrays>>> = {
  /** As the panel does it: all class scores, then one class' map, upsampled and normalised. */
  async gradcam(job) {
    const runner = job.runner();
    const fed = fedWith(job);
    await runner.classes(fed);
    const { layer } = runner.camLayer(job.layer);
    const [result] = await runner.cam(fed, layer, [job.classIndex], "grad-cam");
    if (!result) throw new RangeError("no heat map came back");
    const [, height = 1, width = 1] = job.input.shape;
    const [h = 1, w = 1] = result.raw.shape;
    const heatmap = upsample(result.raw.data, [h, w], [height, width]);
    const largest = heatmap.reduce((most, value) => Math.max(most, value), 0);
    if (largest > 0) heatmap.forEach((value, i) => (heatmap[i] = value / largest));
    return { signed: result.signed, heatmap: floats([height, width], heatmap) };
  },
  /** The feature maps of every convolution. */
  async activations(job) {
    const layers = job.model.graph.layers.filter(({ className }) => className.includes("Conv2D"));
    const nodes = layers.map((layer) => mapNode(job.model.graph, layer, false));
    const values = await job.runner().values(fedWith(job), nodes);
    const arrays = layers.map(({ name }, i) => [name, values[i]] as const);
    return Object.fromEntries(arrays.filter((entry): entry is [string, FloatTensor] => !!entry[1]));
  },
};

async function serve(args: readonly string[]): Promise<void> {
  const [task = "", file = "", inputFile = "", out = "", layer = "auto", index = "0", choice] =
    args;
  const work = TASKS[task];
  if (!work) throw new RangeError(`no task '${task}'; there are ${Object.keys(TASKS).join(", ")}`);
  const model = await OpenModel.open(file);
  const { engine } = await createEngine((choice ?? "auto") as EngineChoice);
  const input = decodeNpy(await readFile(inputFile), inputFile);
  const runner = (): Runner => new Runner(model, engine, new ValueCache(CACHE_BYTES));
  const job: Job = { model, input, layer, classIndex: Number(index), runner };
  let result = await work(job);
  const say = (answer: object): void => console.log(JSON.stringify(answer));
  say({ ready: { versions: `${engine.info.name} ${engine.info.version}` } });
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, count = "1"] = line.split(" ");
    if (word === "save") {
      await save(out, result);
      say({ peakMegabytes: (process.resourceUsage().maxRSS * 1024) / MEGABYTE });
      continue;
    }
    const seconds: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < Number(count); i++) {
      const before = process.cpuUsage();
      const start = performance.now();
      result = await work(job);
      seconds.push((performance.now() - start) / 1000);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1e6);
    }
    say({ seconds, cpu });
  }
  engine.dispose();
  model.close();
}

async function save(folder: string, arrays: Arrays): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, array] of Object.entries(arrays)) {
    const safe = name.replaceAll("/", "_");
    await writeFile(join(folder, `${safe}.npy`), encodeNpy(withoutBatch(array)));
  }
}

const withoutBatch = (array: FloatTensor): FloatTensor =>
  array.shape.length === 4 ? floats(array.shape.slice(1), array.data) : array;

async function writeInput([
  file = "",
  picture = "",
  target = "",
]: readonly string[]): Promise<void> {
  const model = await OpenModel.open(file);
  const fed = await feedPicture(model, new PictureStore(), picture);
  for (const tensor of fed.inputs) await writeFile(target, encodeNpy(asFloats(tensor)));
  model.close();
}

const [mode, ...args] = process.argv.slice(2);
if (mode === "serve") await serve(args);
else if (mode === "input") await writeInput(args);
else throw new RangeError("warm.ts serve ... or warm.ts input ...");
