import { css } from "lit";

/** A section a method: why this layer, then a card a class. */
export const styles = css`
  convlens-toolbar select {
    max-width: 210px;
  }
  section + section {
    border-top: 1px solid var(--cl-line);
  }
  .why {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 10px;
    padding: 10px 12px 0;
    font-size: 12px;
  }
  .reason {
    padding: 0 12px;
    font-size: 12px;
  }
  .why strong {
    color: var(--cl-strong);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 184px), 1fr));
    gap: 14px;
    padding: 12px;
  }
  .cards.one {
    grid-template-columns: minmax(0, 460px);
  }
`;
