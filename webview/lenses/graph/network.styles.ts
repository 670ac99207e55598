import { css } from "lit";

/** A canvas that fills its place. */
export const styles = css`
  :host {
    display: block;
    position: relative;
    flex: 1;
    min-width: 0;
    min-height: 0;
  }
  .viewport {
    position: absolute;
    inset: 0;
    overflow: hidden;
    cursor: grab;
    touch-action: none;
  }
  .viewport:active {
    cursor: grabbing;
  }
  .viewport:focus-visible {
    outline-offset: -2px;
  }
  canvas {
    display: block;
    width: 100%;
    height: 100%;
  }
`;
