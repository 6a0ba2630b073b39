/** What screens have in common: a way back, a story beside its facts, a list that goes on. */
import { css } from "lit";

/** The link to the list that a screen belongs to. */
export const wayBack = css`
  .back {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
    min-block-size: 2rem;
    margin-block-end: var(--wa-space-xs);
    font-size: 0.875rem;
  }
`;

/** What happened, with the facts beside it where there is room. */
export const story = css`
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs) var(--wa-space-m);
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(16rem, 21rem);
    gap: var(--wa-space-l);
    align-items: start;
    margin-block-start: var(--wa-space-l);
  }

  .main,
  .side {
    display: grid;
    gap: var(--wa-space-l);
    min-inline-size: 0;
  }

  @media (max-width: 58rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;

/** A list that is read page by page, with its troubles above and what goes on below. */
export const paged = css`
  .more {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-m);
    min-block-size: 3rem;
    padding-block-start: var(--wa-space-m);
    font-size: 0.875rem;
  }

  problem-panel {
    margin-block-end: var(--wa-space-m);
  }
`;

/** A list of which each entry says something, with its state at the end of the line. */
export const entries = css`
  :is(ol, ul).panel {
    list-style: none;
  }

  .panel > li {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.25rem var(--wa-space-m);
    padding: var(--wa-space-s) var(--wa-space-m);
  }

  .panel > li:not(:last-child) {
    border-block-end: 1px solid var(--wa-color-surface-border);
  }

  .panel > li a {
    font-weight: 600;
  }
`;
