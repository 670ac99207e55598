import { css } from "lit";

/** A lens: toolbar, then the picture with details beside it (below it when there is little room). */
export const lensLayout = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100%;
    min-height: 0;
    container-type: size;
  }
  convlens-empty:first-child {
    grid-row: 1 / -1;
  }
  .split {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    min-height: 0;
  }
  .main {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  .main > convlens-tiles,
  .main > convlens-table,
  .scroll {
    flex: 1;
    min-height: 0;
  }
  .scroll {
    overflow: auto;
  }
  aside {
    width: clamp(248px, 30cqw, 340px);
    overflow: auto;
    padding: 12px;
    background: var(--cl-side);
    border-left: 1px solid var(--cl-line);
  }
  @container (max-width: 620px) {
    .split {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(min(300px, 70cqh), 1fr) auto;
      overflow: auto;
    }
    aside {
      width: auto;
      max-height: max(52cqh, 120px);
      border-left: 0;
      border-top: 1px solid var(--cl-line);
    }
  }
  .pointer {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 28px;
    padding: 3px 12px;
    overflow: hidden;
    font-size: 12px;
    white-space: nowrap;
    border-top: 1px solid var(--cl-line);
  }
  .pointer > * {
    flex: none;
  }
  .pointer > .spacer {
    flex: 1;
  }
  .pointer > .fact {
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* where there is little room the rest is cut off first */
  .pointer > .line {
    min-width: 20ch;
  }
  .stale {
    opacity: 0.5;
    transition: opacity 120ms 200ms;
  }
  @media (prefers-reduced-motion: reduce) {
    .stale {
      transition: none;
    }
  }
  /* VS Code's own setting, workbench.reduceMotion */
  :host-context(.vscode-reduce-motion) .stale {
    transition: none;
  }
  .small {
    margin: 4px 0 10px;
    font-size: 11px;
  }
  .small button {
    font-size: inherit;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 7px;
    padding: 7px 12px;
    font-size: 12px;
  }
`;
