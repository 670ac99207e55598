/** A and B: which model and which picture stands on each side. */
import { html, nothing, type TemplateResult } from "lit";
import { messageOf } from "../../../src/base/errors.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import { dropdown, iconButton } from "../../common/controls/index.ts";
import type { App } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { baseName, t } from "../../common/text/index.ts";
import { sideMark } from "../../components/sides/sides.ts";

interface Actions {
  change(patch: Partial<Intent>): void;
  fail(message: string): void;
}

/** The entry of the list that asks for a file. */
const ANOTHER = "\0another";

/**
 * A, as the panel looks at it, and lists of what may stand as B: checkpoints, a file that is asked
 * for, pictures of the strip. `change` is given the choice, `fail` the sentence of an error.
 */
export function sidesBar(app: App, actions: Actions): TemplateResult {
  const { summary, intent } = app;
  const { image, images } = intent;
  const nothingElse = t("Compare with nothing");
  return html`<div class="sides">
    <div role="group" aria-label="A">
      ${sideMark(0)}<strong title=${summary.path}>${baseName(summary.path)}</strong>
      ${image === null ? nothing : html`<span class="muted" title=${image}>${baseName(image)}</span>`}
    </div>
    <div role="group" aria-label="B">
      ${sideMark(1)}${otherModel(app, actions)}
      ${images.length > 1 ? otherPicture(app, actions) : nothing}
      ${
        intent.other !== null || intent.otherImage !== null
          ? iconButton(icon("close"), nothingElse, () =>
              actions.change({ other: null, otherImage: null }),
            )
          : nothing
      }
    </div>
  </div>`;
}

function otherModel(app: App, { change, fail }: Actions): TemplateResult {
  const { intent, remote, summary, series } = app;
  const known = series.map(
    ({ path, step }) => [path, t("step {0} · {1}", step, baseName(path))] as const,
  );
  const own = intent.other;
  const stands = own !== null && !known.some(([path]) => path === own);
  const options = [
    [null, t("the same model")] as const,
    ...(stands ? [[own, baseName(own)] as const] : []),
    ...known.filter(([path]) => path !== summary.path || path === own),
    [ANOTHER, t("another model…")] as const,
  ];
  const set = (other: string | null): void => {
    if (other !== ANOTHER) {
      change({ other });
      return;
    }
    remote.pickOther({}).then(
      // one who dismissed the dialog keeps what there was
      (picked) => change({ other: picked ?? own }),
      (error: unknown) => fail(messageOf(error)),
    );
  };
  return dropdown(t("Model of B"), options, { value: own, set });
}

function otherPicture({ intent }: App, { change }: Actions): TemplateResult {
  const { images, image, otherImage } = intent;
  const options = [
    [null, t("the same picture")] as const,
    ...images
      .filter((path) => path !== image || path === otherImage)
      .map((path) => [path, baseName(path)] as const),
  ];
  return dropdown<string | null>(t("Picture of B"), options, {
    value: otherImage,
    set: (chosen) => change({ otherImage: chosen }),
  });
}
