/** A and B: which model and which picture stands on each side. */
import { t } from "../../common/text/l10n.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { Intent } from "../../../src/shared/contract/panel.ts";
import type { Series } from "../../../src/shared/contract/training.ts";
import type { App } from "../../common/state/app.ts";
import { dropdown } from "../../common/styles/controls.ts";
import { icon } from "../../common/styles/icons.ts";

interface Actions {
  change(patch: Partial<Intent>): void;
  fail(message: string): void;
}

const ANOTHER = "\0another";
const SAME = "\0same";
const nameOf = (file: string): string => file.split(/[/\\]/).at(-1) ?? file;

export function sidesBar(app: App, series: Series, actions: Actions): TemplateResult {
  const { summary, intent } = app;
  const { image, images } = intent;
  return html`<div class="sides">
    <div role="group" aria-label="A">
      <span class="side">A</span><strong title=${summary.path}>${nameOf(summary.path)}</strong>
      ${image === null ? nothing : html`<span class="muted" title=${image}>${nameOf(image)}</span>`}
    </div>
    <div role="group" aria-label="B">
      <span class="side b">B</span>${otherModel(app, series, actions)}
      ${images.length > 1 ? otherPicture(app, actions) : nothing}
      ${
        intent.other !== null || intent.otherImage !== null
          ? html`<button
              class="ghost"
              aria-label=${t("Compare with nothing")}
              title=${t("Compare with nothing")}
              @click=${() => actions.change({ other: null, otherImage: null })}
            >
              ${icon("close")}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

function otherModel(app: App, series: Series, { change, fail }: Actions): TemplateResult {
  const { intent, remote, summary } = app;
  const known = series.map(
    ({ path, step }) => [path, t("step {0} · {1}", step, nameOf(path))] as const,
  );
  const own = intent.other;
  const stands = own !== null && !known.some(([path]) => path === own);
  const options = [
    [SAME, t("the same model")] as const,
    ...(stands ? [[own, nameOf(own)] as const] : []),
    ...known.filter(([path]) => path !== summary.path || path === own),
    [ANOTHER, t("another model…")] as const,
  ];
  return dropdown(t("Model of B"), options, own ?? SAME, (chosen) => {
    if (chosen !== ANOTHER) {
      change({ other: chosen === SAME ? null : chosen });
      return;
    }
    remote.pickOther({}).then(
      (picked) => {
        // one who dismissed the dialog keeps what there was
        change({ other: picked ?? own });
      },
      (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
    );
  });
}

function otherPicture({ intent }: App, { change }: Actions): TemplateResult {
  const { images, image, otherImage } = intent;
  const options = [
    [SAME, t("the same picture")] as const,
    ...images
      .filter((path) => path !== image || path === otherImage)
      .map((path) => [path, nameOf(path)] as const),
  ];
  return dropdown(t("Picture of B"), options, otherImage ?? SAME, (chosen) =>
    change({ otherImage: chosen === SAME ? null : chosen }),
  );
}
