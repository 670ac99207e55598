import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConvLensError, computeError } from "../../base/errors.ts";
import type { GraphNode, NodeId } from "../../graph/index.ts";
import type { TensorData } from "../../base/tensor.ts";
import type { Plan } from "../plan.ts";
import type { Executable } from "../backend.ts";
import { dataTypes } from "./attributes.ts";
import { scratchPrefix } from "../../shared/scratch.ts";
import type { Binding } from "./binding.ts";
import type { TensorFlowGraph } from "./translate.ts";

/** A graph loaded into a TensorFlow session. */
export class Session implements Executable {
  readonly bytes: number;
  private readonly id: number;
  private readonly inputs: string;
  private readonly outputs: string;

  /** `parameters`: the tensors fed with every run, in the order of `graph.parameters`; they belong to somebody else. */
  constructor(
    private readonly binding: Binding,
    private readonly plan: Plan,
    private readonly targets: readonly GraphNode[],
    graph: TensorFlowGraph,
    private readonly parameters: readonly number[],
  ) {
    // the graph, TensorFlow's optimized copy of it, and the constants folded from it
    this.bytes = graph.model.length * 3;
    const output = (id: NodeId): string => `${graph.names.get(id) ?? id}:0`;
    this.inputs = [
      ...plan.feeds.map(output),
      ...graph.parameters.map(({ name }) => `${name}:0`),
    ].join();
    this.outputs = targets.map(({ id }) => output(id)).join();
    try {
      this.id = load(binding, graph.model);
    } catch (error) {
      throw this.explain(error);
    }
  }

  run(feeds: readonly TensorData[]): Promise<TensorData[]> {
    const tensors: number[] = [];
    try {
      for (const { shape, dtype, data } of feeds)
        tensors.push(this.binding.createTensor(shape, dataTypes[dtype], data));
      const all = [...tensors, ...this.parameters];
      const results = this.binding.runSavedModel(this.id, all, this.inputs, this.outputs);
      tensors.push(...results.map(({ id }) => id));
      const values = results.map(({ id, shape }, i): TensorData => {
        const dtype = this.targets[i]?.dtype ?? "float32";
        return { dtype, shape: [...shape], data: this.binding.tensorDataSync(id) };
      });
      return Promise.resolve(values);
    } catch (error) {
      return Promise.reject(this.explain(error));
    } finally {
      for (const id of tensors) this.binding.deleteTensor(id);
    }
  }
  free(): void {
    this.binding.deleteSavedModel(this.id);
  }

  /** TensorFlow's message, with the node of the user's graph in place of ours. */
  private explain(error: unknown): ConvLensError {
    const text = error instanceof Error ? error.message : String(error);
    const index = /\bn(\d+)_\d+\b/.exec(text)?.[1];
    const node = index === undefined ? undefined : this.plan.nodes[Number(index)];
    const where = node ? ` at '${this.plan.origin.get(node.id) ?? node.id}' (${node.op})` : "";
    const what = text.replace(/^.*?error: /s, "").split("\n", 1)[0] ?? "";
    const known = /OOM|allocat|RESOURCE_EXHAUSTED/i.test(what) ? "ran out of memory" : "failed";
    return computeError(`TensorFlow ${known}${where}: ${what}`);
  }
}

/** A SavedModel exists as a folder only while it is being loaded. */
function load(binding: Binding, model: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), scratchPrefix(process.pid)));
  try {
    writeFileSync(join(folder, "saved_model.pb"), model);
    return binding.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
