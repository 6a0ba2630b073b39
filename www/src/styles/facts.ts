/** Names and values of what is known, one below the other. */
import { css } from "lit";

export const facts = css`
  dl {
    display: grid;
    gap: var(--wa-space-m);
  }

  dt {
    color: var(--wa-color-text-quiet);
    font-size: 0.8125rem;
  }

  dd {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
