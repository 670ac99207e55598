import type { WeightStore } from "../graph/index.ts";
import type { Plan } from "./plan.ts";
import type { Executable } from "./backend.ts";

/** Programs kept ready at once, and the memory they may hold beside the shared parameters. */
const MAX_PROGRAMS = 24;
const MAX_BYTES = 768 * 2 ** 20;

interface Entry {
  readonly weights: WeightStore;
  readonly executable: Promise<Executable>;
  bytes: number;
  /** Runs in flight; freeing waits for them. */
  users: number;
  /** Called when the last user is done, once the entry has left the cache. */
  abandoned: (() => void) | null;
}

/** Keeps executables by model and structure; the least recently used go first, and are made again when asked for. */
export class ProgramCache {
  /** In order of use. */
  private readonly entries = new Map<string, Entry>();
  private readonly models = new WeakMap<WeightStore, number>();
  private count = 0;

  get size(): number {
    return this.entries.size;
  }

  /** Calls `body` with the executable of `plan`, which is made if it is not there and stays valid until `body` is done. */
  async use<T>(
    plan: Plan,
    make: () => Promise<Executable>,
    body: (executable: Executable) => Promise<T>,
  ): Promise<T> {
    const key = this.key(plan);
    const entry = this.entries.get(key) ?? this.create(plan, make);
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.users++;
    try {
      const executable = await entry.executable;
      entry.bytes = executable.bytes;
      this.trim();
      return await body(executable);
    } catch (error) {
      if (entry.bytes < 0 && this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    } finally {
      entry.users--;
      if (entry.users === 0) entry.abandoned?.();
    }
  }

  /** Frees the programs of a model, then calls `after`. */
  release(weights: WeightStore, after: () => void): void {
    this.drop(([, entry]) => entry.weights === weights, after);
  }
  clear(after: () => void): void {
    this.drop(() => true, after);
  }

  private key({ weights, key }: Plan): string {
    const model = this.models.get(weights) ?? this.count++;
    this.models.set(weights, model);
    return `${model} ${key}`;
  }
  private create(plan: Plan, make: () => Promise<Executable>): Entry {
    return {
      weights: plan.weights,
      executable: make(),
      bytes: -1,
      users: 0,
      abandoned: null,
    };
  }
  private trim(): void {
    const total = (): number =>
      [...this.entries.values()].reduce((sum, { bytes }) => sum + Math.max(0, bytes), 0);
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= MAX_PROGRAMS && total() <= MAX_BYTES) return;
      if (entry.users === 0) this.drop(([candidate]) => candidate === key);
    }
  }
  private drop(which: (entry: [string, Entry]) => boolean, after?: () => void): void {
    const dropped = [...this.entries].filter(which);
    let busy = 0;
    const free = (entry: Entry): void =>
      void entry.executable.then(
        (executable) => {
          executable.free();
        },
        () => undefined,
      );
    for (const [key, entry] of dropped) {
      this.entries.delete(key);
      if (entry.users === 0) {
        free(entry);
        continue;
      }
      busy++;
      entry.abandoned = () => {
        free(entry);
        if (--busy === 0) after?.();
      };
    }
    if (busy === 0) after?.();
  }
}
