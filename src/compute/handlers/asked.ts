import type { CallContext } from "../../rpc/index.ts";
import type { OpenModels } from "../../session/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";

/** A call as it is made; `model`, `other` and `previous` of its parameters are paths of models. */
type Answering = (params: unknown, context: CallContext) => unknown;

const MODELS = ["model", "other", "previous"];

type Parameter<K extends keyof ComputeContract> = Parameters<ComputeContract[K]>[0];
/** Calls whose parameters name no model so: a field of that name that somebody adds is not looked at. */
const OF_NO_MODEL: {
  readonly [K in keyof ComputeContract as Parameter<K> extends { model: string } ? never : K]: true;
} = {
  ...{ configure: true, engine: true, doctor: true, held: true, installNative: true },
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
  const entries = Object.entries(handlers).map(([name, handler]: [string, Answering]) => {
    if (name in OF_NO_MODEL) return [name, handler] as const;
    const answer: Answering = (params, context) =>
      models.asked(pathsIn(params), () => handler(params, context));
    return [name, answer] as const;
  });
  return Object.fromEntries(entries) as H;
}

function pathsIn(params: unknown): string[] {
  const given = new Map(Object.entries(Object(params) as object));
  const paths = MODELS.map((name): unknown => given.get(name));
  return [...new Set(paths.filter((path) => typeof path === "string"))];
}
