import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import type { Attribution } from "../../methods/attribute/index.ts";
import { Explained, importance, overChannels } from "../../session/index.ts";
import { ATTRIBUTIONS } from "../../shared/catalogue.ts";
import type { Attribute } from "../../shared/contract/experiments.ts";
import type { TrustBadge } from "../../shared/contract/badge.ts";
import { usageError } from "../../base/errors.ts";
import { whereText } from "../../shared/where.ts";
import { toBytes } from "../../shared/tiles.ts";
import type { OpenModels } from "../../session/index.ts";
import { beforeBadge } from "./cam.ts";
import { onPicture, type Part } from "./timed.ts";

/** Values above this share of all are drawn as if they were there: one hot pixel must not darken the rest. */
const PERCENTILE = 0.99;

/** Attributions with their trust badge, and the randomisation check. */
export function attributeHandlers(models: OpenModels): Part<"attribute" | "sanity"> {
  return {
    attribute: ({ model, question, trust }, control) => {
      const started = performance.now();
      const { image, method, baseline } = question;
      return onPicture(models, model, image, async (runner, fed) => {
        const engine = runner.engine.info.name;
        const explained = new Explained(runner, fed);
        const next = await explained.attributions(question, () => control).next();
        if (next.done) throw usageError("An attribution is of one class, and none is named.");
        const found = next.value;
        const warning = ATTRIBUTIONS[method].warning ?? null;
        const tell = (badge: TrustBadge | null): Omit<Attribute, "engine" | "seconds"> => ({
          ...{ question, image, method, score: found.score, baseline, warning, badge },
          ...{ input: found.input, where: found.aim.where && whereText(found.aim.where) },
          ...drawn(found),
        });
        if (!trust) return tell(null);
        const seconds = (performance.now() - started) / 1000;
        const partial: Attribute = { ...tell(null), engine, seconds };
        await beforeBadge(control, () => control.progress({ partial }));
        const quiet = { ...control, progress: () => undefined };
        const heat = importance(method, found.attribution);
        const by = { on: found.input, baseline, scores: found.aim.scores };
        return tell(await explained.badge(heat, found.score.index, quiet, by));
      });
    },
    sanity: ({ model, question, seed }, control) =>
      onPicture(models, model, question.image, (runner, fed) =>
        new Explained(runner, fed).sanity(question, seed, control, (stages) => {
          control.progress({ partial: [...stages] });
        }),
      ),
  };
}

/** Bytes for the eye: 128 = zero where both signs occur. */
function drawn({
  attribution,
  completeness,
  steps,
}: Attribution): Pick<
  Attribute,
  "size" | "heat" | "values" | "signed" | "scale" | "completeness" | "steps"
> {
  const [height, width] = axes(attribution.shape, 3);
  const map = overChannels(attribution);
  const signed = map.some((value) => value < 0);
  const scale = percentile(map);
  const heat = toBytes(map, (value) => {
    const unit = scale === 0 ? 0 : Math.max(-1, Math.min(1, value / scale));
    return signed ? 128 + 127 * unit : 255 * unit;
  });
  return { size: [height, width], heat, values: map, signed, scale, completeness, steps };
}

function percentile(values: Float32Array): number {
  const sorted = values.map(Math.abs).sort();
  return at(sorted, Math.floor(PERCENTILE * (sorted.length - 1)));
}
