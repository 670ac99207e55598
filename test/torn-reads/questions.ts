/** A question in place of a read: the class scores of a picture, and the names of the classes. */
import { floats, sizeOf } from "../../src/base/tensor.ts";
import { OpenModels } from "../../src/session/index.ts";
import type { Numbers } from "./reads.ts";

/** Asks as the compute process and MCP do, with models that stay open; `close` lets them go. */
export function questions(): {
  ask: (file: string) => Promise<Numbers>;
  close: () => Promise<void>;
} {
  const models = new OpenModels({ engine: "wasm" });
  return {
    ask: (file) =>
      models.asked([file], async () => {
        const runner = await models.runner(file);
        const [input] = runner.model.graph.inputs;
        const shape = (input?.shape ?? []).map((axis) => axis ?? 1);
        const picture = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i) / 2);
        const classes = await runner.classesOf([floats(shape, picture)]);
        const names = classes.map(({ label }) => (label?.startsWith("new") === true ? 1 : 0));
        return new Map([
          ["scores", Float32Array.from(classes, ({ logit }) => logit)],
          ["labels", Float32Array.from(names)],
        ]);
      }),
    close: async () => {
      await models.releaseAll();
      await models.dropEngine();
    },
  };
}
