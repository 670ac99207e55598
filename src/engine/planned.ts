import { at } from "../base/at.ts";
import { computeError } from "../base/errors.ts";
import { joinRows, takeRows } from "../base/rows.ts";
import type { EngineInfo } from "../shared/engines.ts";
import type { GraphNode, ModelGraph, NodeId } from "../graph/index.ts";
import type { TensorData } from "../base/tensor.ts";
import type { Backend, Executable } from "./backend.ts";
import { ProgramCache } from "./cache.ts";
import { rowBytes } from "./memory.ts";
import { plan, type Plan } from "./plan.ts";
import type { Engine, Program } from "./types.ts";

/** Plans remembered of one graph. */
const MAX_PLANS = 24;

/** An engine out of a backend: plans, caches programs, checks feeds. */
export class PlannedEngine implements Engine {
  runBytes = Infinity;
  private readonly cache: ProgramCache;
  private readonly plans = new WeakMap<ModelGraph, Map<string, Plan>>();

  constructor(private readonly backend: Backend) {
    this.cache = new ProgramCache();
  }
  get info(): EngineInfo {
    return this.backend.info;
  }

  get held(): { programs: number; tensors: number } {
    return { programs: this.cache.size, tensors: this.backend.tensors };
  }

  async compile(
    graph: ModelGraph,
    feeds: readonly NodeId[],
    fetches: readonly NodeId[],
  ): Promise<Program> {
    const program = new PlannedProgram(this.plan(graph, feeds, fetches), this.backend, this.cache);
    await program.prepare();
    return program;
  }
  /** Planning takes milliseconds, and the same is asked of a graph again with every picture. */
  private plan(graph: ModelGraph, feeds: readonly NodeId[], fetches: readonly NodeId[]): Plan {
    const plans = this.plans.get(graph) ?? new Map<string, Plan>();
    this.plans.set(graph, plans);
    const key = JSON.stringify([feeds, fetches]);
    const known = plans.get(key) ?? plan(graph, feeds, fetches, this.backend.info.name);
    if (plans.size >= MAX_PLANS) plans.clear();
    plans.set(key, known);
    return known;
  }
  release(graph: ModelGraph): void {
    this.cache.release(graph.weights, () => {
      this.backend.forget(graph.weights);
    });
  }
  dispose(): void {
    this.cache.clear(() => {
      this.backend.dispose();
    });
  }
}

class PlannedProgram implements Program {
  private readonly inputs: readonly GraphNode[];
  private readonly outputs: readonly GraphNode[];
  private readonly targets: readonly GraphNode[];
  private disposed = false;
  private estimate: number | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly backend: Backend,
    private readonly cache: ProgramCache,
  ) {
    const byId = new Map(plan.nodes.map((node) => [node.id, node]));
    const find = (ids: readonly NodeId[]): GraphNode[] => ids.flatMap((id) => byId.get(id) ?? []);
    this.inputs = find(plan.feeds);
    this.outputs = find(plan.fetches);
    this.targets = [...new Set(this.outputs)].filter(computes);
  }

  get rowBytes(): number {
    return (this.estimate ??= rowBytes(this.plan));
  }
  async prepare(): Promise<void> {
    await this.cache.use(this.plan, this.make, () => Promise.resolve());
  }
  private readonly make = (): Promise<Executable> => this.backend.prepare(this.plan, this.targets);

  get batch(): number | null {
    return this.plan.batch;
  }

  async run(feeds: readonly TensorData[]): Promise<TensorData[]> {
    if (this.disposed) throw computeError("This program was disposed.");
    const [rows, other] = new Set(feeds.map(({ shape }) => shape[0]));
    const { batch } = this;
    if (batch === null || rows === undefined || other !== undefined || rows === batch)
      return this.runOnce(feeds);
    const parts: TensorData[][] = [];
    for (let first = 0; first < rows; first += batch)
      parts.push(await this.runOnce(feeds.map((feed) => part(feed, first, batch))));
    // a row of the batch may be several of a result
    return at(parts, 0).map((result, i) => {
      const each = at(result.shape, 0) / batch;
      return takeRows(joinRows(parts.map((values) => at(values, i))), 0, rows * each);
    });
  }
  private async runOnce(feeds: readonly TensorData[]): Promise<TensorData[]> {
    check(this.inputs, feeds, this.plan);
    const made = await this.cache.use(this.plan, this.make, (executable) =>
      this.targets.length > 0 ? executable.run(feeds) : Promise.resolve([]),
    );
    return Promise.all(
      this.outputs.map(async (node) => {
        const fed = feeds[this.inputs.indexOf(node)];
        const value = fed ?? node.value ?? made[this.targets.indexOf(node)];
        if (value) return value;
        if (node.op === "weight") return this.plan.weights.read(node.attrs.ref);
        throw computeError(`'${node.id}' was not computed.`);
      }),
    );
  }
  dispose(): void {
    this.disposed = true;
  }
}

/** `batch` rows from `first` on; behind the last one it comes again. */
function part(feed: TensorData, first: number, batch: number): TensorData {
  const rows = at(feed.shape, 0);
  const own = takeRows(feed, first, Math.min(rows, first + batch));
  const missing = batch - at(own.shape, 0);
  const last = takeRows(feed, rows - 1, rows);
  return missing === 0 ? own : joinRows([own, ...new Array<TensorData>(missing).fill(last)]);
}

const computes = ({ op }: GraphNode): boolean =>
  op !== "input" && op !== "constant" && op !== "weight";

/** Feeds must have the type and shape of their nodes, and agree on the free batch axis. */
function check(inputs: readonly GraphNode[], feeds: readonly TensorData[], plan: Plan): void {
  if (feeds.length !== inputs.length)
    throw computeError(`This program takes ${inputs.length} tensors, not ${feeds.length}.`);
  let batch: number | undefined;
  inputs.forEach((node, i) => {
    const feed = feeds[i];
    if (!feed) return;
    const fits =
      feed.shape.length === node.shape.length &&
      node.shape.every((size, axis) => size === null || size === feed.shape[axis]);
    if (!fits || feed.dtype !== node.dtype) {
      const wanted = node.shape.map((size) => size ?? "N").join(", ");
      throw computeError(
        `'${plan.origin.get(node.id) ?? node.id}' takes ${node.dtype} [${wanted}], not ${feed.dtype} [${feed.shape.join(", ")}].`,
      );
    }
    if (node.shape[0] !== null) return;
    batch ??= feed.shape[0];
    if (batch !== feed.shape[0]) throw computeError("The tensors fed disagree on the batch size.");
  });
}
