import { messageOf } from "../../../src/base/errors.ts";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { encodeNpy } from "../../../src/shared/npy.ts";
import { floats } from "../../../src/base/tensor.ts";
import { send } from "../../common/state/index.ts";
import type { Item, Keepable, Numbers } from "./keepable.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { percent, t } from "../../common/text/index.ts";
import { jsonOf } from "../../common/drawing/index.ts";

type Made<T> = T | Promise<T>;

/** A button with a menu: copies or saves what is shown, the same everywhere. */
@customElement("convlens-keep")
export class ConvlensKeep extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-flex;
      }
      [popover] {
        position: fixed;
        inset: auto;
        min-width: 190px;
        margin: 0;
        padding: 4px;
        font-size: 12px;
        color: var(--vscode-menu-foreground, var(--cl-fg));
        background: var(--vscode-menu-background, var(--cl-card));
        border: 1px solid var(--vscode-menu-border, var(--cl-line));
        border-radius: 5px;
        box-shadow: 0 4px 16px var(--vscode-widget-shadow, rgb(0 0 0 / 36%));
      }
      [role="menuitem"] {
        display: block;
        width: 100%;
        min-height: 26px;
        padding: 0 12px;
        text-align: left;
        color: inherit;
        background: none;
        border: 1px solid transparent;
        border-radius: 3px;
      }
      [role="menuitem"]:hover,
      [role="menuitem"]:focus-visible {
        color: var(--vscode-menu-selectionForeground, var(--cl-active-fg));
        background: var(--vscode-menu-selectionBackground, var(--cl-active));
        border-color: var(--vscode-menu-selectionBorder, transparent);
      }
    `,
  ];

  @property({ attribute: false }) of: Keepable | null = null;
  /** What is kept, in words: `the heat map of cat`. */
  @property() what = t("this picture");
  @state() private open = false;
  @state() private working: AbortController | null = null;
  @state() private done: number | null = null;
  @query("[popover]") private readonly menu!: HTMLElement;
  @query(".opener") private readonly opener!: HTMLElement;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.working?.abort();
  }

  private get items(): Item[] {
    const { of } = this;
    if (!of) return [];
    const { name, picture, numbers, json, more = [] } = of;
    return [
      ...(picture
        ? [
            { label: t("Copy picture"), run: () => this.copy(picture) },
            { label: t("Save picture (PNG)…"), run: () => this.save(`${name}.png`, picture) },
          ]
        : []),
      ...(numbers
        ? [
            {
              label: t("Save numbers (.npy, float32)…"),
              run: () => this.save(`${name}.npy`, () => npyOf(numbers)),
            },
          ]
        : []),
      ...(json
        ? [
            {
              label: t("Save as JSON…"),
              run: () => this.save(`${name}.json`, () => jsonOf(json())),
            },
          ]
        : []),
      ...more,
    ];
  }

  private async save(name: string, make: () => Made<Uint8Array | null>): Promise<void> {
    const bytes = await make();
    if (bytes) send(this, "convlens-save", { name, bytes });
  }

  private async copy(make: () => Made<Uint8Array | null>): Promise<void> {
    const bytes = await make();
    if (!bytes) return;
    const blob = new Blob([new Uint8Array(bytes)], { type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    send(this, "convlens-notice", t("The picture is on the clipboard."));
  }

  private readonly choose = async (item: Item): Promise<void> => {
    this.menu.hidePopover();
    const controller = new AbortController();
    this.working = controller;
    this.done = null;
    try {
      await item.run({
        signal: controller.signal,
        onProgress: ({ fraction }) => {
          this.done = fraction ?? null;
        },
      });
    } catch (error) {
      if (!controller.signal.aborted) send(this, "convlens-notice", messageOf(error));
    }
    this.working = null;
  };

  private show(): void {
    this.menu.showPopover();
    const [button, menu] = [this.opener.getBoundingClientRect(), this.menu.getBoundingClientRect()];
    const left = Math.max(4, Math.min(button.right - menu.width, innerWidth - menu.width - 4));
    const below = button.bottom + 2 + menu.height < innerHeight;
    const top = below ? button.bottom + 2 : Math.max(4, button.top - menu.height - 2);
    this.menu.style.left = `${String(left)}px`;
    this.menu.style.top = `${String(top)}px`;
    this.menu.querySelector("button")?.focus();
  }

  private key(event: KeyboardEvent): void {
    const buttons = [...this.menu.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button.matches(":focus"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Tab") this.menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  }

  protected override render(): TemplateResult {
    const { items, what } = this;
    const label = this.working ? t("Cancel") : t("Copy or save {0}", what);
    return html`<button
        class="ghost opener"
        aria-haspopup="menu"
        aria-expanded=${this.open ? "true" : "false"}
        aria-label=${label}
        title=${label}
        ?disabled=${items.length === 0}
        @click=${() => {
          if (this.working) this.working.abort();
          else this.show();
        }}
      >
        ${icon(this.working ? "stop" : "save")}${
          this.done === null || !this.working ? t("Save") : percent(this.done)
        }
      </button>
      <div
        popover
        role="menu"
        aria-label=${label}
        @toggle=${(event: Event) => {
          this.open = (event as ToggleEvent).newState === "open";
        }}
        @keydown=${(event: KeyboardEvent) => this.key(event)}
      >
        ${items.map(
          (item) =>
            html`<button role="menuitem" tabindex="-1" @click=${() => this.choose(item)}>
              ${item.label}
            </button>`,
        )}
      </div>`;
  }
}

async function npyOf(make: () => Made<Numbers | null>): Promise<Uint8Array | null> {
  const numbers = await make();
  return numbers && encodeNpy(floats(numbers.shape, numbers.data));
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-keep": ConvlensKeep;
  }
}
