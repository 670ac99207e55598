import type { ByteSource } from "../bytes/source.ts";
import type { Hdf5File } from "./file.ts";
import { LibraryFile } from "./library-file.ts";
import { PlainFile } from "./plain/file.ts";

/** `name` is the file's name in messages, where the source is only a part of it. */
export const openHdf5 = async (source: ByteSource, name = source.name): Promise<Hdf5File> =>
  PlainFile.open(source, name) ?? LibraryFile.open(source, name);
