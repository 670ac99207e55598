import { ATTACKS } from "../../shared/catalogue.ts";
import type { Wanted } from "../../shared/contract/code.ts";
import type { Intent } from "../../shared/contract/intent.ts";
import { attributeQuestion, placeOf } from "../../shared/intent-questions.ts";
import {
  WHOLE,
  type AttackQuestion,
  type MaximizeQuestion,
  type Question,
} from "../../shared/question.ts";

/** The last question of each kind that a panel asked. */
export type LastAsked = { readonly [Q in Question as Q["kind"]]?: Q };

/** What a panel shows: by its intent, and by what it asked where a lens has more to choose than the intent keeps. */
export function shownOf(intent: Intent, asked: LastAsked): Wanted {
  const { lens, image, layer, filter, other, otherImage, classes } = intent;
  switch (lens) {
    case "graph":
    case "model":
    case "training":
      return { kind: "model", image };
    case "filters":
      return { kind: "filters", layer, filter };
    case "how":
    case "activations":
      return { kind: "activations", layer, image };
    case "compare":
      return { kind: "compare", other, image, otherImage, of: { ...placeOf(intent), classes } };
    case "cam":
      return image === null ? { kind: "model", image } : { kind: "lens", intent, image };
    case "attribute": {
      if (image === null) return { kind: "model", image };
      const last = asked.attribute;
      const same = last?.image === image && last.method === intent.attribution;
      const { steps, seed } = same ? last : { steps: null, seed: 0 };
      return attributeQuestion(intent, image, { steps, seed });
    }
    case "attack": {
      if (image === null) return { kind: "model", image };
      const last = asked.attack;
      return last?.image === image ? last : attackBy(intent, image);
    }
    case "maximize":
      return asked.maximize ?? maximizeBy(intent);
  }
}

/** An attack that was not begun yet, as the command line begins it. */
function attackBy(intent: Intent, image: string): AttackQuestion {
  const { attack: method } = intent;
  const { options } = ATTACKS.de;
  return {
    ...{ kind: "attack", image, method, trueClass: null, target: null, seed: 0 },
    ...placeOf(intent),
    pixels: options.pixels?.usual ?? 1,
    population: options.population?.usual ?? 400,
    generations: options.steps?.usual ?? 100,
  };
}

/** A maximisation that was not begun yet. */
function maximizeBy(intent: Intent): MaximizeQuestion {
  const { maximize, recipe, classes, layer, filter } = intent;
  const targets =
    maximize === "classes"
      ? classes.slice(0, 1).map((classIndex) => ({ classIndex }))
      : layer === null
        ? []
        : [{ layer, filter: filter ?? 0 }];
  const of = maximize === "classes" ? placeOf(intent) : WHOLE;
  return { kind: "maximize", targets, ...of, recipe, steps: null, seed: 0 };
}
