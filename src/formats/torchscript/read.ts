/** A TorchScript archive, traced or scripted: its code is followed, never run. */
import type { ModelGraph } from "../../graph/index.ts";
import { followedGraph } from "../aten/graph.ts";
import type { Wanted } from "../aten/input-shapes.ts";
import type { Recorder } from "../aten/recorder.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Ref } from "../pt2/schema.ts";
import type { Pickled, TorchArchive } from "../pytorch/archive.ts";
import {
  isDict,
  isSequence,
  isTensor,
  isThing,
  type TensorRef,
  type Value,
} from "../pytorch/pickle/values.ts";
import { stored } from "../pytorch/storages.ts";
import { checkPlaces, type StoredTensor } from "../tensors/stored.ts";
import { Code } from "./code.ts";
import { Interpreter } from "./interpreter.ts";
import type { Argument } from "./syntax.ts";
import { isInstance, isTensorName, unpickled, type Known } from "./values.ts";

/** Throws `Unsupported` where its code as a whole cannot be followed; a module's whose code cannot is an opaque layer. */
export function scriptGraph(
  archive: TorchArchive,
  source: ByteSource,
  options: ReadOptions,
): ModelGraph {
  const code = new Code(source, archive.members, archive.root);
  const data = archive.read("data");
  const constants = archive.read("constants");
  if (!isThing(data.root)) throw new Unsupported("it holds no module");
  const forward = code.classOf(data.root.className)?.methods.get("forward");
  if (!forward) throw new Unsupported("it has no code for 'forward'");
  const [, ...args] = forward.args;
  const fed = args.filter(isFed);
  const examples = examplesIn(archive);
  const inputs = fed.map(({ name }, i): Wanted => {
    const example = examples?.[i];
    return { name, example: example ? { shape: example.shape, type: example.type } : null };
  });
  const held = new Held(data, constants, source.name);
  return followedGraph(
    {
      format: "TorchScript",
      inputs,
      tensors: held.all(),
      notes: [],
      follow: (recorder) => {
        const root = held.root(recorder);
        if (!isInstance(root)) throw new Unsupported("it holds no module");
        const given = args.map((arg): Known | undefined =>
          isFed(arg) ? { ref: arg.name } : undefined,
        );
        const named = new Map(
          args.flatMap(({ name }, i) => {
            const value = given[i];
            return value === undefined ? [] : [[name, value] as const];
          }),
        );
        const made = new Interpreter(code, recorder, held.constants(recorder)).method(
          root,
          "forward",
          [],
          named,
        );
        const outputs = tensorsIn(made);
        if (outputs.length === 0) throw new Unsupported("it gives no tensor");
        return outputs;
      },
    },
    source,
    options,
  );
}

/** What has to be given is fed: tensors. Throws `Unsupported` for lists of them. */
function isFed({ name, type, fallback }: Argument): boolean {
  if (type === null || (type.kind === "name" && type.name === "Tensor")) return true;
  if (fallback) return false;
  const optional = type.kind === "index" && type.of.kind === "name" && type.of.name === "Optional";
  if (optional) return false;
  throw new Unsupported(`its input '${name}' is no tensor`);
}

const tensorsIn = (value: Known): Ref[] => {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (value instanceof Map) return [...value.values()].flatMap(tensorsIn);
  return isTensorName(value) ? [value] : [];
};

/** The example that a trace was made with; null where the file has none, or one that is not of tensors. */
function examplesIn(archive: TorchArchive): readonly TensorRef[] | null {
  if (!archive.members.has(`${archive.root}traced_inputs.pkl`)) return null;
  const { root } = archive.read("traced_inputs");
  const bare = unwrapped(root);
  const list = isDict(bare) ? unwrapped(bare.entries.get("forward") ?? null) : null;
  const items = isSequence(list) ? list.items : [];
  return items.length > 0 && items.every(isTensor) ? items : null;
}
/** `restore_type_tag(value, "List[Any]")` -> value */
const unwrapped = (value: Value): Value =>
  isThing(value) && isSequence(value.args) ? unwrapped(value.args.items[0] ?? null) : value;

/** The tensors of an archive, each under its place in the network. */
class Held {
  private readonly known = new Map<string, StoredTensor>();
  constructor(
    private readonly data: Pickled,
    private readonly kept: Pickled,
    private readonly file: string,
  ) {}

  private tensor(name: string, tensor: TensorRef, from: Pickled): StoredTensor {
    const known = this.known.get(name);
    if (known) return known;
    const made = stored(name, tensor, from.storage(tensor.storage));
    checkPlaces([made], this.file, "save the model again");
    this.known.set(name, made);
    return made;
  }
  root(recorder: Recorder): Known {
    return unpickled(
      this.data.root,
      (name, tensor) =>
      recorder.parameter(name, { tensor: this.tensor(name, tensor, this.data), trainable: tensor.requiresGrad }), // prettier-ignore
    );
  }
  constants(recorder: Recorder): Known[] {
    const list = unpickled(this.kept.root, (name, tensor) => {
      const own = `CONSTANTS.c${name.replace(/^\./, "")}`;
      return recorder.parameter(own, {
        tensor: this.tensor(own, tensor, this.kept),
        trainable: false,
      });
    });
    return Array.isArray(list) ? list : [];
  }
  /** In the order of the file. */
  all(): readonly StoredTensor[] {
    const names: Ref = { ref: "" };
    unpickled(this.data.root, (name, tensor) => (this.tensor(name, tensor, this.data), names));
    unpickled(this.kept.root, (name, tensor) => (this.tensor(`CONSTANTS.c${name.replace(/^\./, "")}`, tensor, this.kept), names)); // prettier-ignore
    return [...this.known.values()];
  }
}
