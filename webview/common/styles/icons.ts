/** The panel's own line icons, 16 x 16, drawn in the current colour. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { LayerOp } from "../../../src/shared/contract/model.ts";

const SHAPES = {
  add: svg`<path d="M8 3v10M3 8h10" />`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8" />`,
  list: svg`<path d="M2.5 4h11M2.5 8h11M2.5 12h11" />`,
  table: svg`<path d="M2.5 3h11v10h-11zM2.5 6.5h11M7 6.5V13" />`,
  save: svg`<path d="M8 2.5v7.5M5 7l3 3 3-3M3 13h10" />`,
  picture: svg`<path d="M2 3h12v10H2zM2.5 11.5 6 8l3 3 2-2 2.5 2.5" /><circle cx="10.7" cy="6" r="1" />`,
  warning: svg`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11v.4" />`,
  info: svg`<circle cx="8" cy="8" r="5.8" /><path d="M8 7.3v3.4M8 5.1v.4" />`,
  zoom: svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.3 3.3" />`,
  pin: svg`<path d="M5.5 2.5h5l-.6 5L12 9.5H4l2.1-2zM8 9.5v4.5" />`,
  overview: svg`<path d="M2 3h5v4H2zM9 3h5v4H9zM2 9h5v4H2zM9 9h5v4H9z" />`,
  play: svg`<path d="M5 3.2v9.6L12.5 8z" />`,
  pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9" />`,
  stop: svg`<path d="M4 4h8v8H4z" />`,
  file: svg`<path d="M4 2.5h5.5L12.5 6v7.5H4zM9 2.5V6.5h3.5" />`,
  code: svg`<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5" />`,
  script: svg`<path d="M3 2.5h10v11H3zM7 6 5.2 8 7 10M9 6l1.8 2L9 10" />`,
  book: svg`<path d="M3.5 3.2c0-.4.3-.7.7-.7h8.3v9H4.2c-.4 0-.7.4-.7 1s.3 1 .7 1h8.3M3.5 3.2v9.3M6 5.3h4M6 7.6h4" />`,
  lesson: svg`<path d="M1.5 6.2 8 3l6.5 3.2L8 9.4zM4 7.6v3.2c1 1 2.4 1.5 4 1.5s3-.5 4-1.5V7.6M14.5 6.2v4.3" />`,
  right: svg`<path d="m6 3.5 4.5 4.5L6 12.5" />`,
} satisfies Record<string, SVGTemplateResult>;

const OPS: Readonly<Record<LayerOp, SVGTemplateResult>> = {
  input: svg`<path d="M2 3h12v10H2zM2.5 11.5 6 8l3 3 2-2 2.5 2.5" />`,
  conv: svg`<path d="M2 2h12v12H2zM2 6h12M2 10h12M6 2v12M10 2v12" opacity=".55" /><path d="M2 2h8v8H2z" fill="currentColor" fill-opacity=".35" />`,
  "depthwise-conv": svg`<path d="M5.5 2H14v8.5M3.7 3.8h8.5v8.5" opacity=".6" /><path d="M2 5.6h8.4V14H2z" fill="currentColor" fill-opacity=".35" />`,
  "transposed-conv": svg`<path d="M2 2h12v12H2z" opacity=".6" /><path d="M2 10h4v4H2z" fill="currentColor" fill-opacity=".35" /><path d="m7 9 4-4M8 5h3v3" />`,
  dense: svg`<path d="m4 4 8 4-8 4M4 4l8 0M4 12l8 0M4 4l8 8M12 4l-8 8" opacity=".45" /><g fill="currentColor"><circle cx="3.7" cy="4" r="1.4" /><circle cx="3.7" cy="12" r="1.4" /><circle cx="12.3" cy="4" r="1.4" /><circle cx="12.3" cy="8" r="1.4" /><circle cx="12.3" cy="12" r="1.4" /></g>`,
  norm: svg`<path d="M2 13c4 0 3.6-9.5 6-9.5S10 13 14 13" /><path d="M8 3.5V13" opacity=".5" />`,
  activation: svg`<path d="M2 12h6l5.5-8" /><path d="M8 2.5v11" opacity=".35" />`,
  pool: svg`<path d="M2 2h12v12H2z" opacity=".5" /><path d="M8 2v12M2 8h12" opacity=".5" /><path d="M8.4 2.4h5.2v5.2H8.4z" fill="currentColor" fill-opacity=".5" />`,
  merge: svg`<circle cx="8" cy="8" r="5.6" /><path d="M8 5v6M5 8h6" />`,
  reshape: svg`<path d="M2 4h5v8H2zM9.5 8H14M12 6l2 2-2 2" />`,
  preprocess: svg`<path d="M4 2.5v11M8 2.5v11M12 2.5v11" opacity=".5" /><g fill="currentColor"><circle cx="4" cy="10" r="1.6" /><circle cx="8" cy="5" r="1.6" /><circle cx="12" cy="9" r="1.6" /></g>`,
  opaque: svg`<path d="M2.5 2.5h11v11h-11z" stroke-dasharray="2 1.6" /><path d="M6.3 6.2a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2M8 10.8v.4" />`,
  other: svg`<circle cx="8" cy="8" r="3.4" />`,
};

const draw = (shape: SVGTemplateResult, style = ""): TemplateResult =>
  html`<svg
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.2"
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
    style=${`flex:none;${style}`}
  >
    ${shape}
  </svg>`;

/** A line icon of the panel's, hidden from screen readers: the control around it has the words. */
export const icon = (name: keyof typeof SHAPES): TemplateResult => draw(SHAPES[name]);

const COLOURS: Partial<Record<LayerOp, string>> = {
  input: "green",
  conv: "blue",
  "depthwise-conv": "purple",
  "transposed-conv": "blue",
  dense: "orange",
  activation: "yellow",
  pool: "red",
  preprocess: "green",
  opaque: "red",
};

/** The colour of a kind of layer, by its name in the palette: `blue` is `--cl-blue`. */
export const opColour = (op: LayerOp): string => COLOURS[op] ?? "muted";

/** A layer's icon; the colour repeats what the shape says. */
export const opIcon = (op: LayerOp): TemplateResult =>
  draw(OPS[op], `color:var(--cl-${opColour(op)})`);
