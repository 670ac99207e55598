import { RemoteError, type CallOptions, type Remote } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { EngineChoice } from "../../shared/engines.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import { Supervisor, type Child } from "./supervisor.ts";

/** What the settings say of the compute process, within their ranges. */
export interface ComputeSettings {
  readonly engine: EngineChoice;
  /** Half of it is for the values of one run, a quarter for values kept for the next question. */
  readonly memoryBudgetBytes: number;
  /** Milliseconds without a call until the process is stopped; 0 keeps it. */
  readonly idleMs: number;
}

type Method = keyof ComputeContract;
/** What a person chose for a model, and what its checkpoints take over from it. */
interface Chosen {
  readonly preprocessing: Preprocessing;
  readonly labels?: readonly string[] | null;
}
type AnswerListener = (method: Method, params: unknown, result: unknown) => void;
/**
 * An effect on disk or on the process itself must not happen twice unasked; minutes of work must not start again unasked, lest
 * what killed the process kills the next one too.
 */
const ONCE: ReadonlySet<Method> = new Set<Method>([
  "saveSidecar",
  "keepLabels",
  "chooseStructure",
  "exportStructure",
  "installNative",
  "setPreprocessing",
  "maximize",
  "attack",
  "census",
]);

/**
 * The compute contract as if its process lived for ever: settings and the preprocessing a person chose are given again
 * to every new process, before the first call that needs them.
 */
export class ComputeClient {
  readonly supervisor: Supervisor<ComputeContract>;
  readonly remote: Remote<ComputeContract>;
  private readonly chosen = new Map<string, Chosen>();
  private readonly listeners = new Set<AnswerListener>();
  /** Models whose chosen preprocessing a process knows already. */
  private readonly told = new WeakMap<Remote<ComputeContract>, Map<string, Promise<void>>>();

  constructor(
    spawn: () => Child,
    private readonly settings: () => ComputeSettings,
  ) {
    this.supervisor = new Supervisor<ComputeContract>({
      spawn,
      prepare: (remote) => this.configure(remote),
      beforeCall: (remote, method, params) => this.tellChosen(remote, method, params),
      repeatable: (method) => !ONCE.has(method),
      idleMs: () => this.settings().idleMs,
    });
    this.remote = new Proxy({} as Remote<ComputeContract>, {
      get: (_target, method) =>
        typeof method === "string" && method !== "then"
          ? (params: unknown, options?: CallOptions) => this.call(method as Method, params, options)
          : undefined,
    });
  }

  /** Gives changed settings to the process, if there is one. */
  async settingsChanged(): Promise<void> {
    if (this.supervisor.alive) await this.configure(this.remote);
  }

  /** Tells of every call that was answered, whoever made it; returns the function that stops it. */
  onAnswer(listener: AnswerListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Lets a model go, if there is a process that could hold it. */
  async release(model: string): Promise<void> {
    // one that is just being lost holds nothing either
    if (this.supervisor.alive) await this.remote.release({ model }).catch(() => undefined);
  }

  dispose(): void {
    this.supervisor.dispose();
  }

  private configure(remote: Remote<ComputeContract>): Promise<void> {
    const { engine, memoryBudgetBytes } = this.settings();
    return remote.configure({ engine, memoryBudgetBytes });
  }

  private async call(method: Method, params: unknown, options?: CallOptions): Promise<unknown> {
    const result = await this.supervisor.call(method, params, options);
    for (const listener of this.listeners) listener(method, params, result);
    const model = modelOf(params);
    if (model !== null && method === "setPreprocessing") {
      const { preprocessing, labels } = params as Partial<Chosen>;
      if (preprocessing)
        this.chosen.set(model, { preprocessing, ...(labels !== undefined && { labels }) });
      else this.chosen.delete(model);
    } else if (model !== null && method === "saveSidecar" && !("inputs" in (params as object)))
      this.chosen.delete(model); // now the file says it
    return result;
  }

  private async tellChosen(
    remote: Remote<ComputeContract>,
    method: Method,
    params: unknown,
  ): Promise<void> {
    const model = modelOf(params);
    if (model === null) return;
    let told = this.told.get(remote);
    if (!told) this.told.set(remote, (told = new Map<string, Promise<void>>()));
    const chosen = this.chosen.get(model);
    if (method === "release") told.delete(model);
    else if (method === "setPreprocessing") told.set(model, Promise.resolve());
    else if (chosen) {
      let telling = told.get(model);
      if (!telling) {
        telling = remote
          .setPreprocessing({ model, ...chosen })
          .then(() => undefined, ignoreRefusal);
        told.set(model, telling);
      }
      await telling;
    }
  }
}

/** A model that cannot be read is reported by the call that follows; a lost process must be seen. */
function ignoreRefusal(error: unknown): void {
  if (error instanceof RemoteError && error.kind === "disconnected") throw error;
}

function modelOf(params: unknown): string | null {
  const model =
    typeof params === "object" && params !== null && "model" in params ? params.model : null;
  return typeof model === "string" ? model : null;
}
