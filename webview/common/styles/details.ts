import { css } from "lit";

/** A number that is the news. */
export const bigNumber = css`
  .big {
    font-size: 34px;
    font-weight: 300;
    line-height: 1.1;
    color: var(--cl-strong);
    font-variant-numeric: tabular-nums;
  }
`;

/** What stands beside a lens about the one thing that is chosen in it: a title, pictures, facts one a line. */
export const details = [
  bigNumber,
  css`
    :host {
      display: block;
    }
    .title {
      margin-bottom: 8px;
      font-size: 15px;
      color: var(--cl-strong);
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 10px;
    }
    .small {
      margin: 2px 0 8px;
      font-size: 11px;
    }
    dl {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 3px 12px;
      margin: 8px 0;
      font-size: 12px;
    }
    dt {
      color: var(--cl-muted);
    }
    dd {
      margin: 0;
      text-align: right;
      font-variant-numeric: tabular-nums;
      overflow-wrap: anywhere;
    }
  `,
];
