import type { Handlers } from "../rpc/index.ts";
import type { ComputeContract } from "../shared/contract/compute.ts";
import { attackHandlers } from "./handlers/attack.ts";
import { attributeHandlers } from "./handlers/attribute.ts";
import { codeHandlers } from "./handlers/code.ts";
import { assistantHandlers } from "./handlers/assistant.ts";
import { censusHandlers } from "./handlers/census.ts";
import { checkpointHandlers } from "./handlers/checkpoint.ts";
import { keepHandlers } from "./handlers/export.ts";
import { maximizeHandlers } from "./handlers/maximize.ts";
import { activationHandlers } from "./handlers/activations.ts";
import { camHandlers } from "./handlers/cam.ts";
import { compareHandlers } from "./handlers/compare.ts";
import { engineHandlers } from "./handlers/engines.ts";
import { filterHandlers } from "./handlers/filters.ts";
import { choiceHandlers, modelHandlers } from "./handlers/models.ts";
import { scalingHandlers } from "./handlers/scaling.ts";
import { trainingHandlers } from "./handlers/training.ts";
import { asked } from "./handlers/asked.ts";
import { wrapped } from "./handlers/wrapped.ts";
import { judgeQuestion, OpenModels } from "../session/index.ts";
import type { Question } from "../shared/question.ts";

/** All answers of the compute process, apart from the process: tests call them directly. */
export function createCompute(models = new OpenModels()): Handlers<ComputeContract> {
  return judged({
    ...engineHandlers(models),
    ...choiceHandlers(models),
    ...checkpointHandlers(),
    ...assistantHandlers(models),
    ...asked(models, {
      ...modelHandlers(models),
      ...filterHandlers(models),
      ...activationHandlers(models),
      ...camHandlers(models),
      ...scalingHandlers(models),
      ...maximizeHandlers(models),
      ...attackHandlers(models),
      ...attributeHandlers(models),
      ...censusHandlers(models),
      ...codeHandlers(models),
      ...trainingHandlers(models),
      ...compareHandlers(models),
      ...keepHandlers(models),
    }),
  });
}

/** The same, where every question is judged before it is answered. */
const judged = (handlers: Handlers<ComputeContract>): Handlers<ComputeContract> =>
  wrapped(handlers, (answer) => (params, context) => {
    const { question } = Object(params) as { question?: Question };
    if (question) judgeQuestion(question);
    return answer(params, context);
  });
