import type { OpenModels } from "../../session/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import { wrapped } from "./wrapped.ts";

/** Parameters that are paths of models. */
const MODELS = ["model", "other", "previous"];

type Parameter<K extends keyof ComputeContract> = Parameters<ComputeContract[K]>[0];
/** Calls whose parameters name no model so: a field of that name that somebody adds is not looked at. */
const OF_NO_MODEL: {
  readonly [K in keyof ComputeContract as Parameter<K> extends { model: string } ? never : K]: true;
} = {
  ...{
    configure: true,
    engine: true,
    doctor: true,
    held: true,
    installNative: true,
    exportTools: true,
  },
  ...{
    animate: true,
    gif: true,
    readScript: true,
    recordedModel: true,
    useTool: true,
    image: true,
  },
};

/** The same handlers, each answering by one generation of the files of the models that it is asked about. */
export function asked<H extends object>(models: OpenModels, handlers: H): H {
  return wrapped(handlers, (answer, name) =>
    name in OF_NO_MODEL
      ? answer
      : (params, context) => models.asked(pathsIn(params), () => answer(params, context)),
  );
}

function pathsIn(params: unknown): string[] {
  const given = new Map(Object.entries(Object(params) as object));
  const paths = MODELS.map((name): unknown => given.get(name));
  return [...new Set(paths.filter((path) => typeof path === "string"))];
}
