/** What a census saw of a filter: its numbers over all pictures, what it does to classes, and where it fired most. */
import { html, nothing, type TemplateResult } from "lit";
import type { FilterProfile } from "../../../src/shared/contract/experiments.ts";
import { button } from "../../common/controls/index.ts";
import { histogram } from "../../common/drawing/index.ts";
import { baseName, className, num, percent, t } from "../../common/text/index.ts";

/** `layer` is the one that the filter belongs to; the canvases of `.tops` are for the patches, in their order. */
export function overPictures(
  profile: FilterProfile,
  layer: string,
  choose: (filter: number) => void,
): TemplateResult {
  const { twin, histogram: bins } = profile;
  return html`<h2>${t("Over N = {0} pictures", profile.images)}</h2>
    <dl>
      <dt>${t("Largest")}</dt>
      <dd>
        ${profile.max <= 0 ? t("{0} (dead over N = {1})", num(profile.max), profile.images) : num(profile.max)}
      </dd>
      <dt>${t("Mean")}</dt>
      <dd>${num(profile.mean)}</dd>
      <dt>${t("Zeros")}</dt>
      <dd>${percent(profile.zeroFraction)}</dd>
      ${
        twin
          ? html`<dt>${t("Nearest twin")}</dt>
              <dd>
                ${button(t("filter {0}", twin.filter), () => choose(twin.filter), { kind: "link" })}
                ${t("(cosine {0})", num(twin.cosine, 3))}
              </dd>`
          : nothing
      }
    </dl>
    ${histogram(t("Largest activation of each picture"), bins.counts, bins.max)}
    <p class="muted small">
      ${
        profile.layer === layer
          ? t("Largest activation in each picture")
          : t("Largest activation in each picture, after {0}", profile.layer)
      }
    </p>
    ${influenceOf(profile)}
    <h2>${t("Pictures that fire it most")}</h2>
    <div class="tops">
      ${profile.patches.map(
        ({ image, value: reached }) =>
          html`<span title=${image}
            ><canvas role="img" aria-label=${baseName(image)}></canvas
            ><span class="mono muted">${num(reached, 3)}</span></span
          >`,
      )}
    </div>`;
}

function influenceOf({ influence }: FilterProfile): TemplateResult {
  if (!influence)
    return html`<h2>${t("Influence on classes")}</h2>
      <p class="muted">${t("The class scores do not depend on this layer.")}</p>`;
  return html`<h2>${t("Influence on classes")}</h2>
    <dl>
      ${[...influence.up, ...influence.down].map(
        (one) =>
          html`<dt>${className(one)}</dt>
            <dd class="mono">${one.effect > 0 ? "+" : ""}${num(one.effect, 3)}</dd>`,
      )}
    </dl>
    <p class="muted small">
      ${t("What its map adds to the logit: the mean over {0} pictures of the logit minus the logit with the map set to 0", influence.images)}
    </p>`;
}
