import { css } from "lit";

/** From top to bottom: patches of numbers, two vectors and their angle, a chain of steps. */
export const styles = css`
  :host {
    display: block;
    padding: 12px 16px 28px;
    container-type: inline-size;
  }
  h2 {
    margin-bottom: 4px;
    font-size: 14px;
    letter-spacing: 0;
    text-transform: none;
    color: var(--cl-strong);
  }
  .kind {
    font-size: 12px;
    color: var(--cl-muted);
  }
  section {
    margin-top: 12px;
    padding: 14px 16px;
    border: 1px solid var(--cl-outline);
    border-radius: 8px;
    background: var(--cl-card);
  }
  h3 {
    display: flex;
    align-items: center;
    gap: 9px;
    margin-bottom: 12px;
    font-size: 13px;
    letter-spacing: 0;
    text-transform: none;
    color: var(--cl-strong);
  }
  h3 b {
    display: inline-grid;
    place-items: center;
    width: 20px;
    height: 20px;
    font-size: 11px;
    border-radius: 50%;
    color: var(--cl-button-fg);
    background: var(--cl-button);
  }
  .products {
    display: grid;
    grid-template-columns: repeat(7, auto) minmax(64px, auto);
    gap: 8px;
    align-items: center;
    justify-items: center;
    width: fit-content;
  }
  .products i {
    font-size: 17px;
    font-style: normal;
    color: var(--cl-muted);
  }
  .name,
  .col {
    font-size: 11px;
  }
  .col {
    color: var(--cl-muted);
  }
  .name {
    justify-self: end;
  }
  .sum {
    justify-self: end;
    text-align: right;
  }
  .wide {
    grid-column: 1 / 8;
    justify-self: end;
    font-size: 12px;
  }
  .wide.total {
    justify-self: stretch;
    text-align: right;
  }
  .total {
    padding-top: 6px;
    font-size: 13px;
    font-weight: 600;
    color: var(--cl-strong);
    border-top: 1px solid var(--cl-muted);
  }
  .mono.total {
    align-self: stretch;
  }
  .angle {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 28px;
  }
  .angle svg {
    fill: none;
    stroke-width: 2;
    stroke-linecap: round;
  }
  .angle .formula {
    margin-bottom: 4px;
    font-size: 13px;
  }
  path.w {
    stroke: var(--cl-blue);
  }
  path.x {
    stroke: var(--cl-orange);
  }
  circle.w {
    fill: var(--cl-blue);
  }
  circle.x {
    fill: var(--cl-orange);
  }
  span.w {
    border-bottom: 2px solid var(--cl-blue);
  }
  span.x {
    border-bottom: 2px solid var(--cl-orange);
  }
  path.arc {
    stroke: var(--cl-muted);
    stroke-width: 1;
  }
  text {
    fill: var(--cl-fg);
    stroke: none;
    font: 12px var(--cl-mono);
  }
  .steps {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 26px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .steps li {
    position: relative;
    display: grid;
    min-width: 92px;
    padding: 7px 12px;
    border: 1px solid var(--cl-line);
    border-radius: 6px;
    background: var(--cl-bg);
  }
  .steps li + li::before {
    content: "→";
    position: absolute;
    left: -20px;
    top: 50%;
    translate: 0 -50%;
    color: var(--cl-muted);
  }
  .steps li span {
    font-size: 11px;
  }
  .steps li strong {
    font-size: 15px;
    color: var(--cl-strong);
  }
  .steps .network::before {
    content: "=" !important;
  }
  .steps .differs::before {
    content: "≠" !important;
  }
  .steps .equal {
    border-color: var(--cl-green);
  }
  .steps .differs {
    border-color: var(--cl-error);
  }
  .verdict {
    margin-top: 10px;
    font-size: 12px;
    color: var(--cl-muted);
  }
  .verdict.differs {
    color: var(--cl-error);
  }
`;
