import { css } from "lit";

/** The graph beside what is known of its chosen node. */
export const styles = css`
  .search {
    display: flex;
    flex: 0 1 260px;
    align-items: center;
    gap: 6px;
    min-width: 120px;
  }
  .search input {
    flex: 1;
    min-width: 0;
  }
  .name {
    overflow-wrap: anywhere;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 7px;
    overflow-wrap: anywhere;
  }
  .told {
    display: flex;
    gap: 7px;
  }
  .legend {
    display: grid;
    gap: 5px;
    margin: 8px 0 12px;
    padding: 0;
    font-size: 12px;
    list-style: none;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .legend i {
    width: 16px;
    border-radius: 1px;
  }
  @container (max-width: 620px) {
    aside {
      max-height: 34cqh;
    }
  }
`;
