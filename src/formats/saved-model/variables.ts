/** Which stored tensor each variable of the graph is. */
import { MemorySource, type ByteSource } from "../bytes/source.ts";
import { Message } from "../bytes/protobuf.ts";
import { Impossible } from "../lower/unsupported.ts";
import { Constants, parameterOf, storedName } from "../tensorflow/constants.ts";
import type { Edge } from "../tensorflow/edges.ts";
import { dtypeOf, type StoredParameter, type TfNode } from "../tensorflow/types.ts";
import type { Bundle } from "./bundle.ts";
import type { MetaGraph } from "./meta-graph.ts";
import { variableKeys, type ObjectGraph } from "./objects.ts";

const OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH";
const VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";

interface Stored {
  readonly key: string;
  readonly name: string;
  readonly trainable: boolean;
}

/** Throws `Impossible` where the graph tells another shape of a variable than its numbers have. */
function checkShape({ name, attributes }: TfNode, stored: readonly number[]): void {
  const told = attributes.get("shape")?.shape;
  const fits =
    told?.length === stored.length && told.every((n, i) => n === null || n === stored[i]);
  if (told && !fits)
    throw new Impossible(
      `its variable '${name.slice(0, 200)}' has the shape [${told.join(", ")}], and numbers of [${stored.join(", ")}]`,
    );
}

/** Variables by the name of their handle in the main graph. */
export class Variables {
  private readonly constants = new Constants();
  private readonly byHandle = new Map<string, Stored>();
  private readonly byObject = new Map<number, Stored>();

  constructor(
    private readonly bundle: Bundle | null,
    { graph }: Pick<MetaGraph, "graph">,
    objects: ObjectGraph | null,
    origin: ByteSource,
  ) {
    const checkpoint = bundle?.text(OBJECTS);
    if (!objects || !checkpoint) return;
    const source = new MemorySource(origin.name, checkpoint, origin);
    const keys = variableKeys(objects.objects, Message.of(source));
    for (const [id, key] of keys) {
      const variable = objects.objects[id]?.variable;
      if (variable) this.byObject.set(id, { key, ...variable });
    }
    // a call passes its own arguments first, and then the objects bound to the function
    for (const node of graph.nodes) {
      const fn = node.attributes.get("f")?.func;
      const bound = fn === undefined ? undefined : objects.bound.get(fn);
      const inputs = node.inputs.filter((ref) => !ref.startsWith("^"));
      bound?.forEach((id, i) => {
        const handle = inputs[inputs.length - bound.length + i];
        const stored = this.byObject.get(id);
        if (handle !== undefined && stored) this.byHandle.set(handle.replace(/:\d+$/, ""), stored);
      });
    }
  }

  /** What a node of the graph stands for; undefined for an ordinary operation. */
  readonly edgeOf = (node: TfNode, name: string): Edge | undefined => {
    switch (node.op) {
      case "Const":
        return this.constants.valueOf(node, name);
      case "VarHandleOp": {
        const parameter = this.storedFor(node);
        return parameter && { kind: "variable", parameter };
      }
      case "VariableV2":
      case "Variable":
        return this.storedFor(node);
      default:
        return undefined;
    }
  };

  /** The variable that is object `id` of the object graph. */
  ofObject(id: number): Edge | undefined {
    const stored = this.byObject.get(id);
    const parameter = stored && this.parameter(stored);
    return parameter && { kind: "variable", parameter };
  }

  /** TensorFlow 1 stores a variable under its name. */
  private storedFor(node: TfNode): StoredParameter | undefined {
    const shared = node.attributes.get("shared_name")?.text;
    const names = [node.name, ...(shared ? [shared] : [])];
    const keys = [...names, ...names.map((key) => key + VALUE)];
    const own = keys.find((key) => this.bundle?.entry(key));
    const plain = own === undefined ? undefined : { key: own, name: node.name, trainable: true };
    const stored = this.byHandle.get(node.name) ?? plain;
    const parameter = stored && this.parameter(stored);
    if (parameter) checkShape(node, parameter.shape);
    return parameter;
  }

  private parameter({ key, name, trainable }: Stored): StoredParameter | undefined {
    const { bundle } = this;
    const entry = bundle?.entry(key);
    if (!bundle || !entry) return undefined;
    const held = {
      ref: key,
      name: name === "" ? key.replace(VALUE, "") : name,
      shape: entry.shape,
      dtype: dtypeOf(entry.type),
      storedDType: storedName(entry.type),
      read: () => bundle.read(key),
    };
    return parameterOf(held, trainable);
  }
}
