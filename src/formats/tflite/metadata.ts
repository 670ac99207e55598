/** TFLite Metadata (metadata_schema.fbs): how pictures are scaled, and the labels packed behind the model as a zip archive. */
import type { ModelGraph } from "../../graph/index.ts";
import { readBytes, SourceWindow, type ByteSource } from "../bytes/source.ts";
import { openMember, readZip } from "../bytes/zip.ts";
import { Bytes } from "./bytes.ts";
import { pixelScaling } from "./scaling.ts";
import { Table } from "./table.ts";
import type { TfliteModel } from "./types.ts";

type Facts = Pick<ModelGraph, "labels" | "scaling">;

const ENTRY = "TFLITE_METADATA";
const NORMALIZATION = 1;
const LABELS: readonly number[] = [2, 3];
const MAX_LABELS_BYTES = 1 << 20;

/** What the file tells beside its network; a description that cannot be read tells nothing. */
export function factsOf(model: TfliteModel, source: ByteSource): Facts {
  const range = model.metadata.get(ENTRY);
  const quantised = pixelScaling(model.tensors[model.inputs[0]?.tensor ?? -1]);
  if (!range) return quantised;
  try {
    const window = new SourceWindow(source, source.name, range.start, range.length);
    const [subgraph] = Table.root(new Bytes(window)).tables(3);
    const [input] = subgraph?.tables(2) ?? [];
    const [output] = subgraph?.tables(3) ?? [];
    return { ...quantised, ...normalization(input), ...labels(output, source) };
  } catch {
    return quantised;
  }
}

/** (u - mean) / std of 8-bit pixels. */
function normalization(input: Table | undefined): Facts {
  const unit = input?.tables(4).find((one) => one.u8(0) === NORMALIZATION);
  const options = unit?.table(1);
  const [mean, std] = [options?.f32s(0) ?? [], options?.f32s(1) ?? []];
  const fits = (list: readonly number[]): boolean =>
    (list.length === 1 || list.length === 3) && list.every(Number.isFinite);
  if (!fits(mean) || !fits(std) || std.includes(0)) return {};
  return { scaling: { order: "rgb", scale: 1, mean, std, why: "The file's metadata says so." } };
}

function labels(output: Table | undefined, source: ByteSource): Facts {
  const name = output
    ?.tables(6)
    .find((file) => LABELS.includes(file.i8(2)))
    ?.string(0);
  const member = name ? readZip(source).get(name) : undefined;
  if (!member || member.size > MAX_LABELS_BYTES) return {};
  const packed = openMember(source, member);
  const lines = readBytes(packed, 0, packed.size).toString("utf8").split(/\r?\n/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return { labels: lines };
}
