/** The inspector's head: model and layer, the lenses' tabs, what the network says, the pictures. */
import { html, nothing, type TemplateResult } from "lit";
import { LENS_NAMES, type Intent, type Lens } from "../../../src/shared/contract/intent.ts";
import { type App, layerFor, LENSES, runningJobs } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import { icon } from "../../common/styles/index.ts";
import { answerChips } from "../../components/answer/things.ts";
import "../../components/images/images.ts";

interface Actions {
  toggleLayers(): void;
  change(patch: Partial<Intent>): void;
  goToCode(layer: string): void;
  showCode(): void;
  saveReport(): void;
  teach(): void;
}

/** The inspector's head, the same above every lens; `listOpen`: the list of layers is shown; null: the lens has none. */
export function header(app: App, listOpen: boolean | null, actions: Actions): TemplateResult {
  const { summary, intent, prediction } = app;
  const layer = layerFor(summary, intent);
  return html`<header>
    <div class="path">
      ${
        listOpen === null
          ? nothing
          : html`<button
              class="ghost"
              aria-label=${t("Layers")}
              title=${t("Show or hide the layers")}
              aria-pressed=${listOpen ? "true" : "false"}
              @click=${() => actions.toggleLayers()}
            >
              ${icon("list")}
            </button>`
      }
      <h1 title=${summary.path}>${summary.name}</h1>
      ${
        layer
          ? html`${icon("right")}<span class="layer" title=${layer.name}>${layer.name}</span>
              ${toCode(layer.name, actions)}`
          : nothing
      }
      <span class="spacer"></span>
      ${keep("lesson", t("What did my network learn? A lesson in questions"), () => actions.teach())}
      ${keep("script", t("Show code that reproduces this"), () => actions.showCode())}
      ${
        app.trusted
          ? keep("book", t("Save a report of this model and the pictures"), () =>
              actions.saveReport(),
            )
          : nothing
      }
    </div>
    <div class="tabs">
      ${tabs(intent.lens, actions)}
      ${prediction && intent.image !== null ? answerChips(prediction, actions.change) : nothing}
    </div>
    <convlens-images .app=${app}></convlens-images>
  </header>`;
}

const keep = (
  shape: "lesson" | "script" | "book",
  title: string,
  run: () => void,
): TemplateResult =>
  html`<button class="ghost" aria-label=${title} title=${title} @click=${run}>
    ${icon(shape)}
  </button>`;

function toCode(layer: string, { goToCode }: Actions): TemplateResult {
  const title = t("Go to the code of this layer");
  return html`<button
    class="ghost"
    aria-label=${title}
    title=${title}
    @click=${() => goToCode(layer)}
  >
    ${icon("code")}
  </button>`;
}

function tabs(current: Lens, { change }: Actions): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    const at = LENS_NAMES.indexOf(current);
    const to = (at + step + LENS_NAMES.length) % LENS_NAMES.length;
    change({ lens: LENS_NAMES.at(to) ?? current });
    event.currentTarget.querySelectorAll("button")[to]?.focus();
  };
  return html`<div role="tablist" aria-label=${t("Lenses")} @keydown=${move}>
    ${LENS_NAMES.map(
      (lens) =>
        html`<button
          role="tab"
          id=${`tab-${lens}`}
          aria-selected=${lens === current ? "true" : "false"}
          aria-controls="lens"
          tabindex=${lens === current ? 0 : -1}
          @click=${() => change({ lens })}
        >
          ${LENSES[lens].title}${
            runningJobs().has(lens)
              ? html`<i class="running" title=${t("Working")}></i
                  ><span class="sr-only">${t("Working")}</span>`
              : nothing
          }
        </button>`,
    )}
  </div>`;
}
