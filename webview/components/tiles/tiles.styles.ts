import { css } from "lit";

/** A canvas of the window's size over an extent of the grid's, which only the scroll bar shows. */
export const styles = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
  }
  .viewport {
    position: absolute;
    inset: 0;
    overflow: hidden auto;
  }
  .viewport:focus-visible {
    outline-offset: -2px;
  }
  canvas {
    position: sticky;
    top: 0;
    display: block;
    width: 100%;
    height: 100%;
    image-rendering: pixelated;
  }
  .extent {
    position: absolute;
    top: 0;
    width: 1px;
    pointer-events: none;
  }
`;
