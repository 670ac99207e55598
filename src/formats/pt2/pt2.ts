import type { ModelGraph } from "../../graph/index.ts";
import { readZip } from "../bytes/zip.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { isExported, readExported } from "./archive.ts";
import { buildGraph } from "./build.ts";
import { readProgram } from "./program.ts";

/** `.pt2`: what torch.export.save writes, a zip archive of a program as JSON and its parameters. */
export const torchExport: Format = {
  name: "torch.export .pt2",
  extensions: [".pt2"],
  match: ({ bytes, source }) =>
    bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && isExported(readZip(source)),
  open: (head, options) => Promise.resolve().then(() => read(head, options)),
};

function read({ source, name }: FileHead, options: ReadOptions): ModelGraph {
  const exported = readExported(source);
  return buildGraph(readProgram(exported.program, name), exported.tensors, source, options);
}
