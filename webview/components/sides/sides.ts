/** Two that stand side by side, A and B, before and after: their marks, and their classes on one scale. */
import { css, html, type TemplateResult } from "lit";
import type { Both } from "../../../src/shared/contract/compare.ts";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { className, decimal, num, percent, t } from "../../common/text/index.ts";

/** What a side is called, by its number; 2 is the difference. */
export const SIDES = ["A", "B", "B − A"] as const;

/** The mark of a side. */
export const sideMark = (side: 0 | 1 | 2, text: string = SIDES[side]): TemplateResult =>
  html`<span class=${`side ${["a", "b", "d"][side] ?? ""}`}>${text}</span>`;

/** Classes matched with one another; null: this side has (or sent) no such class. */
export type ClassPair = Both<ClassScore | null>;

/** The label of a pair: A's, or B's where A has no such class; empty for a pair of none. */
export const pairName = ([a, b]: ClassPair): string => {
  const score = a ?? b;
  return score ? className(score) : "";
};

const numberOf = (score: ClassScore, likely: boolean): number =>
  likely ? (score.probability ?? score.logit) : score.logit;

function changeText([a, b]: ClassPair, likely: boolean): string {
  if (!a || !b) return "";
  const by = numberOf(b, likely) - numberOf(a, likely);
  const sign = by > 0 ? "+" : by < 0 ? "−" : "";
  const size = Math.abs(by);
  return `${sign}${likely ? decimal((100 * size).toFixed(1)) : num(size)}`;
}

/** A table of the classes of both: bars, numbers and their difference; `marks` head the columns of numbers. */
export function classPairs(
  pairs: readonly ClassPair[],
  marks: readonly [TemplateResult, TemplateResult, TemplateResult],
): TemplateResult {
  const scores = pairs.flat().filter((score) => score !== null);
  const likely = scores.every(({ probability }) => probability !== null);
  const most = likely ? 1 : Math.max(...scores.map(({ logit }) => logit)) || 1;
  const bar = (score: ClassScore | null, side: string): TemplateResult => {
    const share = score ? Math.max(0, numberOf(score, likely) / most) : 0;
    return html`<span class="track"
      ><i class=${side} style=${`width:${(100 * share).toFixed(2)}%`}></i
    ></span>`;
  };
  const text = (score: ClassScore | null): string =>
    score ? (likely ? percent : num)(numberOf(score, likely)) : "–";
  return html`<table class="pairs">
    <thead>
      <tr>
        <th scope="col">${t("Class")}</th>
        <th scope="col">${likely ? t("Probability") : t("Logit")}</th>
        ${marks.map((mark) => html`<th scope="col" class="number">${mark}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${pairs.map(
        (pair) =>
          html`<tr>
            <td>${pairName(pair)}</td>
            <td class="bars" aria-hidden="true">${bar(pair[0], "a")}${bar(pair[1], "b")}</td>
            ${pair.map((score) => html`<td class="number mono">${text(score)}</td>`)}
            <td class="number mono">${changeText(pair, likely)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Looks of `sideMark` and `classPairs`, and of pictures with a mark in their caption. */
export const sideStyles = css`
  .side {
    display: inline-grid;
    flex: none;
    place-items: center;
    min-width: 18px;
    height: 18px;
    font-size: 11px;
    font-weight: 700;
    border-radius: 4px;
    color: #fff;
  }
  .side.a {
    background: #1f6feb;
  }
  .side.b {
    background: #b85a14;
  }
  .side.d {
    padding: 0 5px;
    color: var(--cl-fg);
    border: 1px solid var(--cl-line);
  }
  figure {
    margin: 0;
    min-width: 0;
  }
  figcaption {
    display: flex;
    align-items: center;
    gap: 7px;
    margin-bottom: 4px;
    font-size: 11px;
    color: var(--cl-muted);
  }
  table {
    border-collapse: collapse;
    font-size: 12px;
  }
  th {
    font-weight: 600;
    text-align: left;
    color: var(--cl-muted);
  }
  .track {
    display: block;
    height: 7px;
    margin: 2px 0;
    background: color-mix(in srgb, var(--cl-fg) 9%, transparent);
    border-radius: 3px;
    overflow: hidden;
    outline: 1px solid var(--cl-outline);
  }
  .track i {
    display: block;
    height: 100%;
  }
  .track .a {
    background: #388bfd;
  }
  .track .b {
    background: #db7a2b;
  }
  .pairs {
    width: min(760px, 100%);
  }
  .pairs :is(td, th) {
    padding: 4px 10px 4px 0;
    vertical-align: middle;
  }
  .pairs .bars {
    width: 46%;
  }
  .pairs .number {
    text-align: right;
  }
`;
