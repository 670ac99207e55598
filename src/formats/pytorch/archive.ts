/** The zip format of torch.save (since PyTorch 1.6) and of TorchScript: `<name>/data.pkl` and `<name>/data/<key>`. */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { openMember, readZip, type ZipMember } from "../bytes/zip.ts";
import type { Storage } from "../tensors/stored.ts";
import { Machine } from "./pickle/machine.ts";
import { OPCODES } from "./pickle/opcodes.ts";
import { PickleStream } from "./pickle/stream.ts";
import { isStorage, PickleError, type StorageRef, type Value } from "./pickle/values.ts";
import { persistent, widthOf } from "./storages.ts";

const PICKLE = /^(?:.*\/)?data\.pkl$/;

/** What a pickle describes, as inert data, and the storages that it refers to. */
export interface Pickled {
  readonly root: Value;
  /** Where a storage's numbers lie. Throws a ConvLensError of kind `input` when they are not there. */
  storage(ref: StorageRef): Storage;
}

/** The folder of `data.pkl` in an archive, with a slash behind it; null where there is none. */
export function archiveRoot(members: ReadonlyMap<string, ZipMember>): string | null {
  const pickles = [...members.keys()].filter((name) => PICKLE.test(name));
  const [shortest] = pickles.sort((a, b) => a.length - b.length);
  return shortest?.slice(0, -"data.pkl".length) ?? null;
}

/**
 * A zip archive with its pickles and storages. The constructor throws a ConvLensError of kind
 * `input` where there is no `data.pkl`.
 */
export class TorchArchive {
  readonly members: ReadonlyMap<string, ZipMember>;
  /** The folder of everything in it, with a slash behind it. */
  readonly root: string;
  private readonly bigEndian: boolean;

  constructor(private readonly source: ByteSource) {
    this.members = readZip(source);
    const root = archiveRoot(this.members);
    if (root === null)
      throw inputError(`'${source.name}' holds no 'data.pkl'; save it again with torch.save.`);
    this.root = root;
    this.bigEndian = this.text("byteorder") === "big";
  }

  /** A TorchScript archive has its program beside the weights. */
  get isTorchScript(): boolean {
    return this.members.has(`${this.root}constants.pkl`);
  }

  /** `data` is what was saved, `constants` what a TorchScript program holds besides, `traced_inputs` the example it was traced with. */
  read(what: "data" | "constants" | "traced_inputs"): Pickled {
    const member = this.members.get(`${this.root}${what}.pkl`);
    if (!member) throw inputError(`'${this.source.name}' holds no '${what}.pkl'; save it again.`);
    const pickle = openMember(this.source, member, MAX_PICKLE);
    return {
      root: readPickle(pickle, 0, this.source.name).root,
      storage: (ref) => this.storage(what, ref),
    };
  }

  private storage(folder: string, { key, count, type }: StorageRef): Storage {
    const member = this.members.get(`${this.root}${folder}/${key}`);
    const needed = count * widthOf(type);
    if (!member || member.size < needed)
      throw inputError(
        `'${this.source.name}' declares ${needed} bytes for its storage '${key}' and holds ${member?.size ?? 0}; copy or save it again.`,
      );
    return {
      bytes: needed,
      bigEndian: this.bigEndian,
      open: () => openMember(this.source, member),
    };
  }

  private text(name: string): string | null {
    const member = this.members.get(this.root + name);
    if (!member || member.size > 64) return null;
    return readBytes(openMember(this.source, member), 0, member.size).toString("latin1").trim();
  }
}

/** Packed pickles are unpacked into memory; PyTorch itself stores them as they are. */
const MAX_PICKLE = 16 * 2 ** 20;

/** One pickle from `position`, where it ends and the storages it refers to. Throws a ConvLensError of kind `input` with the reason. */
export function readPickle(
  source: ByteSource,
  position: number,
  name: string,
): { root: Value; end: number; storages: readonly StorageRef[] } {
  const stream = new PickleStream(source, position);
  const storages: StorageRef[] = [];
  const resolve = (id: Value): Value => {
    const value = persistent(id);
    if (isStorage(value)) storages.push(value);
    return value;
  };
  try {
    return { root: new Machine(stream, resolve).run(OPCODES), end: stream.position, storages };
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw inputError(
      `'${name}' is a damaged or foreign pickle (${error.message}); save the weights again with torch.save(model.state_dict(), ...).`,
    );
  }
}
