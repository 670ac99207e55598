import {
  type AttrsOf,
  GraphBuilder,
  type Made,
  type ModelGraph,
  type NodeId,
} from "../../graph/index.ts";

/** Names what it appends after what is picked: values are remembered by the names of their nodes. */
export class Picking extends GraphBuilder {
  constructor(
    nodes: ModelGraph["nodes"],
    private readonly id: string,
  ) {
    super(nodes);
  }
  override add<K extends Made>(
    op: K,
    hint: string,
    inputs: readonly NodeId[],
    ...rest: AttrsOf<K>
  ): NodeId {
    return super.add(op, `${this.id} ${hint}`, inputs, ...rest);
  }
}
