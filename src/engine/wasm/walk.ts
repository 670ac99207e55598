import { computeError } from "../../base/errors.ts";
import type { GraphNode, NodeId } from "../../graph/index.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import type { Plan } from "../plan.ts";
import type { Executable } from "../backend.ts";
import { fuse, type Step } from "./fuse.ts";
import type { Heap } from "./heap.ts";
import { Kernels, type Tensor } from "./kernels.ts";

type Values = Map<NodeId, Tensor>;

/** Half of what a WebAssembly memory with 32-bit addresses may grow to: what one operation makes. */
const MOST_BYTES = 2 ** 31;

/** The event loop is let through this often, so that a cancel arrives. */
const BREATH_MS = 8;

/** Runs a plan node by node. What depends on nothing fed (turned kernels, say) is computed once and kept. */
export class Walk implements Executable {
  bytes = 0;
  private readonly plan: Plan;
  private readonly fixed: readonly Step[];
  private readonly steps: readonly Step[];
  /** The nodes whose values nothing after a step needs. */
  private readonly done: readonly (readonly NodeId[])[];
  private constants: Promise<Values> | null = null;
  private readonly nodes: ReadonlyMap<NodeId, GraphNode>;

  /** `parameters` belong to somebody else. */
  constructor(
    private readonly heap: Heap,
    plan: Plan,
    private readonly targets: readonly GraphNode[],
    private readonly parameters: ReadonlyMap<NodeId, Tensor>,
  ) {
    this.plan = plan;
    this.nodes = new Map(plan.nodes.map((node) => [node.id, node]));
    const still = new Set<NodeId>();
    for (const node of plan.nodes)
      if (node.op !== "input" && node.inputs.every((id) => still.has(id))) still.add(node.id);
    const steps = fuse(plan.nodes, targets);
    this.fixed = steps.filter(({ node }) => still.has(node.id));
    this.steps = steps.filter(({ node }) => !still.has(node.id));
    this.done = lastUses(this.steps, targets);
  }

  async run(feeds: readonly TensorData[]): Promise<TensorData[]> {
    const constants = await (this.constants ??= this.fold());
    const live: Values = new Map();
    const lookup = (id: NodeId): Tensor | undefined => live.get(id) ?? constants.get(id);
    try {
      this.plan.feeds.forEach((id, i) => {
        const feed = feeds[i];
        if (feed) live.set(id, this.upload(feed));
      });
      let breath = performance.now();
      for (const [i, step] of this.steps.entries()) {
        this.judge(step, lookup);
        live.set(step.node.id, this.compute(step, lookup));
        for (const id of this.done[i] ?? []) this.drop(live, id);
        if (performance.now() - breath < BREATH_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        breath = performance.now();
      }
      return this.targets.map(({ id, dtype, shape }): TensorData => {
        const tensor = lookup(id) ?? { dataId: {}, shape: shape.map(Number), dtype };
        return { dtype, shape: [...tensor.shape], data: this.download(tensor) };
      });
    } finally {
      for (const id of [...live.keys()]) this.drop(live, id);
    }
  }
  free(): void {
    void this.constants?.then((constants) => {
      for (const id of [...constants.keys()])
        if (!this.parameters.has(id)) this.drop(constants, id);
    });
  }

  /** Parameters, constants, and what is made of them alone as far as a step or a target uses it. */
  private fold(): Promise<Values> {
    const values: Values = new Map(this.parameters);
    for (const { id, value } of this.plan.nodes) if (value) values.set(id, this.upload(value));
    for (const step of this.fixed) {
      const lookup = (id: NodeId): Tensor | undefined => values.get(id);
      this.judge(step, lookup);
      values.set(step.node.id, this.compute(step, lookup));
    }
    const used = new Set(this.targets.map(({ id }) => id));
    for (const { inputs } of this.steps) for (const id of inputs) used.add(id);
    for (const [id, { shape }] of [...values]) {
      if (this.parameters.has(id)) continue;
      if (used.has(id)) this.bytes += sizeOf(shape) * 4;
      else this.drop(values, id);
    }
    return Promise.resolve(values);
  }

  /** What asks for more than the memory has writes beyond it, and nothing is right in this process any more. */
  private judge({ node, inputs }: Step, lookup: (id: NodeId) => Tensor | undefined): void {
    // what a batch makes of a free axis is as many times as large as what goes in
    const times = inputs.map((id) => {
      const [own, of] = [lookup(id), this.nodes.get(id)];
      if (!own || !of?.shape.includes(null)) return 1;
      const one = sizeOfOne(of);
      return one > 0 ? sizeOf(own.shape) / one : 1;
    });
    const bytes = 4 * sizeOfOne(node) * (node.shape.includes(null) ? Math.max(1, ...times) : 1);
    if (bytes <= MOST_BYTES) return;
    const shape = node.shape.map((axis) => axis ?? "N").join(", ");
    throw computeError(
      `'${this.nameOf(node)}' (${node.op}) makes [${shape}], ${Math.round(bytes / 2 ** 20)} MB, which WebAssembly's memory does not hold; the native engine may have room.`,
    );
  }
  private nameOf({ id }: GraphNode): string {
    return this.plan.origin.get(id) ?? id;
  }

  private compute(
    { node, inputs, compute }: Step,
    lookup: (id: NodeId) => Tensor | undefined,
  ): Tensor {
    const kernels = new Kernels(this.heap);
    let result: Tensor | null = null;
    try {
      result = compute(kernels, ...inputs.flatMap((id) => lookup(id) ?? []));
      return result;
    } catch (error) {
      const name = this.nameOf(node);
      const what = error instanceof Error ? error.message : String(error);
      throw computeError(`WebAssembly failed at '${name}' (${node.op}): ${what}`);
    } finally {
      kernels.settle(result);
    }
  }

  private upload({ dtype, shape, data }: TensorData): Tensor {
    return this.heap.backend.makeOutput([...shape], dtype, undefined, data);
  }
  private download({ dataId }: Tensor): TensorData["data"] {
    return this.heap.backend.readSync(dataId) as TensorData["data"];
  }
  private drop(values: Values, id: NodeId): void {
    const tensor = values.get(id);
    values.delete(id);
    if (tensor) this.heap.backend.disposeData(tensor.dataId);
  }
}

/** Elements of a value, of one picture. */
const sizeOfOne = ({ shape }: GraphNode): number => sizeOf(shape.map((axis) => axis ?? 1));

/** For each step, the values that are of no use after it: of the step itself or of its inputs, targets aside. */
function lastUses(steps: readonly Step[], targets: readonly GraphNode[]): NodeId[][] {
  const last = new Map<NodeId, number>();
  steps.forEach(({ node, inputs }, i) => {
    for (const id of [node.id, ...inputs]) last.set(id, i);
  });
  for (const { id } of targets) last.delete(id);
  const done: NodeId[][] = steps.map(() => []);
  for (const [id, i] of last) done[i]?.push(id);
  return done;
}
