/** The zip archive of torch.export.save, in both layouts: up to PyTorch 2.7, and the one since. */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { openMember, readZip, type ZipMember } from "../bytes/zip.ts";
import { isList, isObject, member, parseJson, text, type Json } from "../json.ts";
import { TorchArchive } from "../pytorch/archive.ts";
import { entriesOf } from "../pytorch/modules.ts";
import { isTensor } from "../pytorch/pickle/values.ts";
import { stored } from "../pytorch/storages.ts";
import { checkPlaces, type StoredTensor } from "../tensors/stored.ts";
import { scalarType, sizeOfJson } from "./schema.ts";

const OLD = "serialized_exported_program.json";
const NEW = /^(.*\/)?models\/([^/]+)\.json$/;
/** More text than any network has; packed, less is taken, because PyTorch never packs it. */
const MAX_TEXT = 64 * 2 ** 20;
const MAX_UNPACKED = 8 * 2 ** 20;

/** Whether an archive is torch.export.save's, in either layout, by the names of its members. */
export const isExported = (members: ReadonlyMap<string, ZipMember>): boolean =>
  members.has(OLD) || [...members.keys()].some((name) => NEW.test(name));

/**
 * What an archive holds: the program's JSON, parsed and not yet decoded, and its tensors, whose
 * numbers stay in the file.
 */
export interface Exported {
  readonly program: Json;
  /** Parameters, buffers and constants by their name in the module. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Throws a ConvLensError of kind `input` for archives that lie or are of another version. */
export function readExported(source: ByteSource): Exported {
  const files = new Members(source);
  const program = files.members.has(OLD) ? OLD : files.names.find((name) => NEW.test(name));
  if (program === undefined)
    throw inputError(`'${source.name}' holds no exported program; export it again.`);
  const [, root = "", name = "model"] = NEW.exec(program) ?? [];
  const tensors = program === OLD ? files.oldTensors() : files.newTensors(root, name);
  checkPlaces(tensors.values(), source.name, "export the model again");
  return { program: files.json(program), tensors };
}

class Members {
  readonly members: ReadonlyMap<string, ZipMember>;
  constructor(private readonly source: ByteSource) {
    this.members = readZip(source);
  }
  get names(): readonly string[] {
    return [...this.members.keys()];
  }

  private open(name: string): ByteSource | null {
    const found = this.members.get(name);
    return found ? openMember(this.source, found, MAX_UNPACKED) : null;
  }
  json(name: string): Json {
    const what = `'${name}' in '${this.source.name}'`;
    const source = this.open(name);
    if (!source || source.size > MAX_TEXT)
      throw inputError(`${what} is missing or too large to describe a network.`);
    return parseJson(readBytes(source, 0, source.size).toString("utf8"), what);
  }

  /** State dict and constants are archives of torch.save inside the archive. */
  oldTensors(): Map<string, StoredTensor> {
    const names = ["state_dict.pt", "state_dict.json", "constants.pt", "constants.json"];
    return new Map(names.flatMap((name) => this.pickled(`serialized_${name}`)));
  }

  newTensors(root: string, model: string): Map<string, StoredTensor> {
    return new Map(
      ["weights", "constants"].flatMap((kind) => {
        const folder = `${root}data/${kind}/`;
        const config = `${folder}${model}_${kind}_config.json`;
        return this.members.has(config)
          ? this.configured(folder, config)
          : this.pickled(`${folder}${model}.pt`);
      }),
    );
  }

  private pickled(name: string): (readonly [string, StoredTensor])[] {
    const source = this.open(name);
    // an empty dict may be an empty file
    if (!source || source.size < 22) return [];
    const data = new TorchArchive(source).read("data");
    return entriesOf(data.root).flatMap(([key, value]) =>
      isTensor(value) ? [[key, stored(key, value, data.storage(value.storage))] as const] : [],
    );
  }

  /** A list of tensors, each in a file of its own or sharing one. */
  private configured(folder: string, config: string): (readonly [string, StoredTensor])[] {
    const list = member(this.json(config), "config");
    const entries = isObject(list) ? Object.entries(list) : [];
    return entries.flatMap(([key, entry]) => {
      const file = `${folder}${text(member(entry, "path_name")) ?? ""}`;
      const found = this.members.get(file);
      if (!found || member(entry, "use_pickle") === true) return [];
      const meta = member(entry, "tensor_meta");
      const numbers = (name: string): number[] => {
        const values = member(meta, name);
        return isList(values) ? values.map((value) => sizeOfJson(value).hint) : [];
      };
      const storage = {
        bytes: found.size,
        bigEndian: false,
        open: () => openMember(this.source, found),
      };
      const tensor: StoredTensor = {
        ...{ name: key, type: scalarType(member(meta, "dtype")), shape: numbers("sizes") },
        ...{ strides: numbers("strides"), storage },
        offset: sizeOfJson(member(meta, "storage_offset")).hint,
      };
      return [[key, tensor] as const];
    });
  }
}
