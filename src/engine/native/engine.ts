import type { EngineInfo } from "../../shared/engines.ts";
import type { GraphNode, WeightStore } from "../../graph/index.ts";
import type { Plan } from "../plan.ts";
import type { Backend, Executable } from "../backend.ts";
import type { Binding } from "./binding.ts";
import { Parameters } from "./parameters.ts";
import { Session } from "./session.ts";
import { translate } from "./translate.ts";

/** TensorFlow: a plan becomes one graph in a session of its own, run in one call. */
export class NativeBackend implements Backend {
  readonly info: EngineInfo;
  private readonly parameters: Parameters;

  constructor(private readonly binding: Binding) {
    this.info = { name: "native", version: `TensorFlow ${binding.TF_Version}` };
    this.parameters = new Parameters(binding);
  }

  async prepare(plan: Plan, targets: readonly GraphNode[]): Promise<Executable> {
    const { weights } = plan;
    const graph = await translate(plan, targets, (ref) => this.parameters.value(weights, ref));
    const tensors = await this.parameters.upload(weights, graph.parameters);
    return new Session(this.binding, plan, targets, graph, tensors);
  }
  get tensors(): number {
    return this.parameters.count;
  }
  forget(weights: WeightStore): void {
    this.parameters.forget(weights);
  }
  dispose(): void {
    this.parameters.forgetAll();
  }
}
