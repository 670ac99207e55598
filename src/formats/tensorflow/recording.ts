/** What the operations of a file became, one after the other. */
import type { NodeId } from "../../graph/index.ts";
import type { Network, Tensor, Use } from "../lower/index.ts";
import type { Edge } from "./edges.ts";
import type { Operation } from "./operation.ts";

/** What one TensorFlow operation became. */
export interface Made {
  /** With the scopes of the functions around it. */
  readonly name: string;
  readonly op: string;
  /** Without parameters and constants. */
  readonly nodes: readonly NodeId[];
  /** Its first output; null where it was worked out while the file was read. */
  readonly output: NodeId | null;
  /** The output itself, where its shape is known. */
  readonly value: Tensor | null;
  readonly uses: readonly Use[];
  /** What its parameters are to it, by their `ref`. */
  readonly roles: ReadonlyMap<string, string>;
  readonly opaque: string | null;
  readonly note: string | null;
}

/** Keeps what layers are made of. */
export class Recording {
  readonly made: Made[] = [];
  /** Names of the operations that gave a tensor, also where nothing had to be made for it: they tell the scopes. */
  readonly names: string[] = [];

  constructor(private readonly network: Network) {}

  /** `from`: how many nodes there were before; `opaque`: why it is not executed. */
  add(op: Operation, from: number, out: Edge | undefined, opaque: string | null): void {
    const passed = out === undefined || op.edges.includes(out);
    if (!passed && (out.kind === "tensor" || out.kind === "phases")) this.names.push(op.l.name);
    const nodes = this.network.builder.nodes
      .slice(from)
      .flatMap(({ op: kind, id }) => (kind === "weight" || kind === "constant" ? [] : [id]));
    for (const edge of opaque === null ? [] : op.edges)
      if (edge.kind === "parameter") op.l.use(edge);
    const uses = [...op.l.uses.values()];
    if (nodes.length === 0 && uses.length === 0 && opaque === null) return;
    const source = out?.kind === "phases" ? out.source : out;
    const value = source?.kind === "tensor" && nodes.length > 0 ? source : null;
    const output = source?.kind === "unknown" ? source.node : (value?.node ?? null);
    const { roles, note } = op;
    this.made.push({ name: op.l.name, op: op.op, nodes, output, value, uses, roles, opaque, note });
  }

  /** What depends on nothing and is not executed. */
  addOpaque(name: string, op: string, node: NodeId, opaque: string): void {
    this.made.push({
      ...{ name, op, nodes: [node], output: node, value: null },
      ...{ uses: [], roles: new Map(), opaque, note: null },
    });
  }
}
