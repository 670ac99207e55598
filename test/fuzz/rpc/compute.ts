/** Messages of a page that was taken over, as the host lets them through, against the compute process. */
import "../../support/vscode-module.ts";
import path from "node:path";
import { createCompute } from "../../../src/compute/compute.ts";
import { OpenModels } from "../../../src/session/index.ts";
import { absurd, limitAllocations } from "../allocations.ts";
import { Random } from "../random.ts";
import { HOST_MESSAGES } from "./compute-messages.ts";
import { PANEL_MESSAGES } from "./panel-messages.ts";
import { judgeTouch } from "./page.ts";
import { traceFiles } from "./traced-files.ts";
import { anything, twisted } from "./values.ts";
import { isIn, makeWorld, type World } from "./world.ts";

const { CALL_RULES, judged } = await import("../../../src/host/panels/call-rules.ts");
const { ChosenPictures } = await import("../../../src/host/panels/chosen-pictures.ts");

type Handler = (params: unknown, context: object) => unknown;

/** What is under way is cancelled after one of these: what a message can ask for is tried, not waited for. */
const CANCEL_MS = [0, 0, 1, 10];
const MOST_BYTES = 128 * 2 ** 20;
/** Fields of the host's own that a page has no part in. */
const OF_THE_HOST = [
  "model",
  "previous",
  "images",
  "checkpoints",
  "folder",
  "keep",
  "pictures",
  "models",
  "structure",
];

class ComputeUnderAttack {
  private readonly compute = createCompute(new OpenModels({ engine: "wasm" })) as unknown as Record<
    string,
    Handler
  >;
  private readonly chosen: InstanceType<typeof ChosenPictures>;

  constructor(private readonly world: World) {
    this.chosen = new ChosenPictures(world.chosen);
  }

  /** One message of every call, one after another; resolves when each is settled. */
  async round(index: number, seed: number): Promise<void> {
    const random = new Random(seed, "compute", index);
    for (const method of Object.keys(CALL_RULES) as (keyof typeof CALL_RULES)[]) {
      const sent = this.changed(PANEL_MESSAGES[method](random, this.world), random);
      await this.ask(method, random, () => {
        const { params, pictures } = judged(method, sent);
        this.chosen.check(pictures);
        const { model, other } = this.world;
        return { ...params, model, other };
      });
    }
    for (const [method, make] of Object.entries(HOST_MESSAGES)) {
      const params: object = make(random, this.world);
      const sent = this.changed(params, random);
      const own = Object.entries(params).filter(([name]) => OF_THE_HOST.includes(name));
      const roots = method === "useTool" ? { roots: (params as { roots: unknown }).roots } : {};
      const engine = method === "configure" ? { engine: "wasm" } : {};
      await this.ask(method, random, () => {
        const { of } = Object(sent) as { of?: { image?: unknown } };
        this.chosen.check([of?.image]);
        return { ...(sent as object), ...Object.fromEntries(own), ...roots, ...engine };
      });
    }
    // what was chosen for the model, and written, is not there for the next round
    await this.compute["setPreprocessing"]?.({ model: this.world.model, preprocessing: null }, {});
  }

  private changed(params: unknown, random: Random): unknown {
    const way = random.next();
    if (way < 0.1) return params;
    return way < 0.8 ? twisted(params, random, this.world) : anything(random, this.world, 2);
  }

  private async ask(method: string, random: Random, make: () => object): Promise<void> {
    const control = new AbortController();
    const late = setTimeout(() => control.abort(), random.pick(CANCEL_MS));
    try {
      const params: unknown = structuredClone(make());
      await this.compute[method]?.(params, { signal: control.signal, progress: () => undefined });
    } catch {
      // refused, by a sentence or by its type
    } finally {
      clearTimeout(late);
    }
  }
}

/** Makes the world below `work`; from then on each round tells what was wrong. */
export function attackCompute(work: string, seed = 1): (index: number) => Promise<string[]> {
  const world = makeWorld(work);
  process.env["CONVLENS_CACHE"] = path.join(world.root, "cache");
  const compute = new ComputeUnderAttack(world);
  const wrong: string[] = [];
  traceFiles((touch) => {
    const said = judgeTouch(world, touch);
    const isCache = isIn(touch.path, path.join(world.root, "cache"));
    const isSidecar =
      isIn(path.dirname(touch.path), world.workspace) && /convlens\.json/.test(touch.path);
    if (said !== null && !isCache && !(touch.writes && isSidecar)) wrong.push(said);
  });
  process.on("unhandledRejection", (reason) => wrong.push(`unhandled: ${String(reason)}`));
  return async (index) => {
    limitAllocations(MOST_BYTES);
    await compute.round(index, seed);
    return [...wrong.splice(0), ...absurd()];
  };
}
