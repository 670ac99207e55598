/** HTML that stands alone: no script, no network, every picture inside. */

/** Text that is already HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | null | Html | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function shown(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number")
    return String(part).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
  return part.map(shown).join("");
}

/** Names come from files of others: everything that is not HTML already is escaped. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.reduce((whole, string, i) => whole + shown(parts[i - 1] ?? null) + string));

/** A PNG as a `data:` address, so that the document holds it. */
export const pngUri = (png: Uint8Array): string =>
  `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64")}`;

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, figcaption { margin: .25rem 0; } .soft, figcaption { opacity: .75; font-size: .85rem; }
table { border-collapse: collapse; font-size: .85rem; } th { text-align: left; font-weight: 600; }
td, th { padding: .15rem .75rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; } figure { margin: 0; }
img { image-rendering: pixelated; max-width: 100%; background: #fff; } img.photo { image-rendering: auto; }
.bar { display: inline-block; height: .7rem; background: #3b82c4; vertical-align: middle; }
details > summary { cursor: pointer; margin: .5rem 0; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
`;

/** The whole document. Its policy lets nothing in but its own style and pictures. */
export const page = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
