import type { Desk } from "../../assistant/index.ts";
import { createEngine } from "../../engine/index.ts";
import type { Engine } from "../../engine/types.ts";
import { modelStamp } from "../../formats/index.ts";
import { memoryShares, OpenModel, PictureStore, Runner, ValueCache } from "../../session/index.ts";
import type { Call } from "../command.ts";
import { engineChoice } from "./engine.ts";

const MOST_MODELS = 4;

/** Models and one engine for a conversation: kept open between its questions, and opened again when one of their files has changed. */
export class CommandDesk implements Desk {
  readonly pictures = new PictureStore();
  private readonly values = new ValueCache(memoryShares().kept);
  private readonly models = new Map<string, { stamp: string; model: Promise<OpenModel> }>();
  private engine: Promise<Engine> | null = null;

  constructor(private readonly call: Pick<Call, "args" | "say">) {}

  async model(path: string): Promise<OpenModel> {
    const stamp = modelStamp(path);
    const known = this.models.get(path);
    if (known?.stamp === stamp) return known.model;
    await this.forget(path);
    const [oldest] = this.models.keys();
    if (oldest !== undefined && this.models.size >= MOST_MODELS) await this.forget(oldest);
    const model = OpenModel.open(path);
    this.models.set(path, { stamp, model });
    model.catch(() => this.models.delete(path));
    return model;
  }

  async runner(path: string): Promise<Runner> {
    this.engine ??= createEngine(engineChoice(this.call.args)).then(({ engine, fallback }) => {
      if (fallback !== null) this.call.say(fallback);
      engine.runBytes = memoryShares().run;
      return engine;
    });
    this.engine.catch(() => (this.engine = null));
    return new Runner(await this.model(path), await this.engine, this.values);
  }

  close(): void {
    for (const path of [...this.models.keys()]) void this.forget(path);
  }

  private async forget(path: string): Promise<void> {
    const model = await this.models.get(path)?.model.catch(() => null);
    this.models.delete(path);
    this.values.deleteAll(`${path}\n`);
    if (!model) return;
    (await this.engine?.catch(() => null))?.release(model.graph);
    model.close();
  }
}
