import { census } from "../methods/census/index.ts";
import { pictureBatches, pictureFiles } from "../session/index.ts";
import { textOf } from "./arguments.ts";
import { IMAGES, MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** An assistant waits for the answer; the census of the panel and the command line takes any number. */
const MOST_PICTURES = 300;

/** Dead, saturated and constant filters over a folder of pictures, the first 300 of it. */
export const deadFilters: Tool = {
  name: "convlens_dead_filters",
  title: "Count dead filters",
  description:
    "Runs every picture of a folder through a network and lists, layer by layer, the filters that never fire (dead), always fire (saturated) or never change (constant). Always tells over how many pictures: 'dead' means nothing without that number.",
  schema: schemaOf({ ...MODEL, ...IMAGES }),
  async run(desk, args, signal) {
    const runner = await desk.runner(textOf(args, "model"));
    const all = await pictureFiles([textOf(args, "images")]);
    const files = all.slice(0, MOST_PICTURES);
    let skipped = 0;
    const batches = pictureBatches(runner.model, desk.pictures, files, () => skipped++);
    const counted = await census(runner.subject, batches, { signal, progress: () => undefined });
    const lines = counted.layers.map(({ name, filters }) => {
      const which = (key: "dead" | "saturated" | "constant"): string => {
        const found = filters.flatMap((filter, k) => (filter[key] ? [k] : []));
        return found.length === 0 ? "" : `, ${found.length} ${key} [${found.join(", ")}]`;
      };
      return `${name}: ${filters.length} filters${which("dead")}${which("saturated")}${which("constant")}`;
    });
    const left = all.length > MOST_PICTURES ? ` of ${all.length} (the first ones)` : "";
    const bad = skipped > 0 ? `; ${skipped} could not be read` : "";
    return {
      text: [`over ${counted.images} pictures${left}${bad}:`, ...lines].join("\n"),
      png: null,
    };
  },
};
