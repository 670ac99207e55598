import type { EngineInfo } from "../../shared/engines.ts";
import type { GraphNode, WeightStore } from "../../graph/index.ts";
import type { Plan } from "../plan.ts";
import type { Backend, Executable } from "../backend.ts";
import { type Heap, WASM_VERSION } from "./heap.ts";
import { Parameters } from "./parameters.ts";
import { Walk } from "./walk.ts";

/** TensorFlow.js on WebAssembly: the nodes of a plan one after the other. */
export class WasmBackend implements Backend {
  readonly info: EngineInfo = { name: "wasm", version: WASM_VERSION };
  private readonly parameters: Parameters;

  constructor(private readonly heap: Heap) {
    this.parameters = new Parameters(heap);
  }

  async prepare(plan: Plan, targets: readonly GraphNode[]): Promise<Executable> {
    return new Walk(this.heap, plan, targets, await this.parameters.upload(plan));
  }
  get tensors(): number {
    return this.heap.backend.numDataIds();
  }
  forget(weights: WeightStore): void {
    this.parameters.forget(weights);
  }
  dispose(): void {
    this.parameters.forgetAll();
  }
}
