/** One HTML file that tells what a model makes of some pictures, for people who have neither. */
import path from "node:path";
import { PictureStore, scalingText, type OpenModel, type Runner } from "../session/index.ts";
import type { Control } from "../shared/control.ts";
import type { ReportQuestion } from "../shared/question.ts";
import { breathe } from "../base/errors.ts";
import { html, page, type Html } from "./html.ts";
import { filtersSection, layersSection } from "./model.ts";
import { pictureSection } from "./picture.ts";
import { hashOf } from "./provenance.ts";

/** What a report tells of, and what it says of itself. */
export interface ReportRequest {
  readonly model: OpenModel;
  /** Null for a file of weights alone: layers and filters are told. */
  readonly runner: Runner | null;
  /** Paths of pictures. */
  readonly pictures: readonly string[];
  readonly question: ReportQuestion;
  /** The version of ConvLens, and when the report is made. */
  readonly version: string;
  readonly date: Date;
}

/** The whole document. Throws a ConvLensError of kind `input` for a picture that cannot be read, `cancelled` when it is cancelled. */
export async function report(
  request: ReportRequest,
  { signal, progress }: Control,
): Promise<string> {
  const { model, runner, pictures, question } = request;
  const store = new PictureStore();
  const sections: Html[] = [];
  const quiet: Control = { signal, progress: () => undefined };
  for (const [i, picture] of pictures.entries()) {
    if (!runner) break;
    const name = path.basename(picture);
    progress({ fraction: i / pictures.length, message: name });
    const own = question.of === null || question.of === picture;
    const asked = own ? question : { ...question, where: null, targets: null };
    const of = { name, path: picture, question: asked };
    sections.push(await pictureSection(runner, store, of, quiet));
    await breathe(signal);
  }
  sections.push(await filtersSection(model), layersSection(model.summary));
  const { name, format, producer } = model.summary;
  return page(
    `${name}: what it learned`,
    html`<h1>${name}</h1>
      <p class="soft">${format}${producer === null ? "" : `, ${producer}`}</p>
      ${sections} ${await provenance(request)}`,
  );
}

async function provenance({ model, runner, version, date }: ReportRequest): Promise<Html> {
  const { source, why } = model.preprocessing;
  const facts: readonly (readonly [string, string])[] = [
    ["made", `${date.toISOString()} by ConvLens ${version}`],
    [
      "engine",
      runner
        ? `${runner.engine.info.name}: ${runner.engine.info.version}`
        : "none: nothing was run",
    ],
    ["SHA-256", await hashOf(model.path)],
    ["size", `${model.summary.bytes.toLocaleString("en-US")} bytes`],
    ["preprocessing", `${scalingText(model.preprocessing)} (${source}: ${why})`],
  ];
  return html`<h2>How this was made</h2>
    <dl>
      ${facts.map(
        ([term, text]) =>
          html`<dt class="soft">${term}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>`;
}
