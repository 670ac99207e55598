import { css } from "lit";

/** Height of a row of the list, CSS pixels: the element places rows by it. */
export const ROW = 40;

/** The search field, and rows of fixed height that the element places. */
export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--cl-side);
  }
  .search {
    position: relative;
    padding: 6px 8px;
  }
  .search input {
    width: 100%;
    padding-right: 74px;
  }
  .count {
    position: absolute;
    right: 16px;
    top: 10px;
    font-size: 11px;
    pointer-events: none;
  }
  .scroller {
    flex: 1;
    min-height: 0;
    overflow: hidden auto;
  }
  .extent {
    position: relative;
  }
  .row {
    position: absolute;
    left: 0;
    right: 0;
    height: 40px;
    padding: 3px 10px;
    display: grid;
    grid-template: "icon name name" 17px "icon class shape" 16px / 16px minmax(0, 1fr) auto;
    column-gap: 9px;
    align-items: center;
    cursor: pointer;
  }
  .row svg {
    grid-area: icon;
  }
  .name {
    grid-area: name;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--cl-strong);
  }
  .class {
    grid-area: class;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .shape {
    grid-area: shape;
    font-variant-numeric: tabular-nums;
  }
  .dead {
    position: absolute;
    left: 35px;
    right: 10px;
    bottom: 1px;
    height: 3px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--cl-fg) 16%, transparent);
  }
  .dead i {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--cl-red);
  }
  .class,
  .shape {
    font-size: 11px;
    color: var(--cl-muted);
  }
  .faint svg,
  .faint .name {
    opacity: 0.78;
  }
  .row:hover {
    background: var(--cl-hover);
  }
  .row[aria-selected="true"] {
    background: var(--cl-active);
    outline: 1px solid var(--cl-active-line);
    outline-offset: -1px;
  }
  .row[aria-selected="true"] * {
    color: var(--cl-active-fg) !important;
    opacity: 1;
  }
  .none {
    padding: 12px;
  }
`;
