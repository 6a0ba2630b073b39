/** What the page's tables have in common. */
import { css } from "lit";

export const tables = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    table-layout: fixed;
    font-size: 0.875rem;
  }

  th {
    color: var(--wa-color-text-quiet);
    font-weight: 550;
    text-align: start;
  }

  td {
    vertical-align: top;
  }
`;

/** A table that is a screen's list: one row each, which on a phone is a card of its own. */
export const listing = css`
  .panel {
    overflow: clip;
  }

  th {
    padding: 0.625rem 0.75rem;
    font-size: 0.8125rem;
  }

  td {
    padding: 0.75rem;
    border-block-start: 1px solid var(--wa-color-surface-border);
    overflow-wrap: anywhere;
  }

  :is(th, td):first-child {
    padding-inline-start: var(--wa-space-m);
  }

  @media (max-width: 52rem) {
    thead {
      display: none;
    }

    tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0.25rem var(--wa-space-s);
      padding: 0.75rem var(--wa-space-m);
      border-block-start: 1px solid var(--wa-color-surface-border);
    }

    tbody tr:first-child {
      border: 0;
    }

    td,
    td:first-child {
      padding: 0;
      border: 0;
    }
  }

  @media print {
    tr {
      break-inside: avoid;
    }
  }
`;
