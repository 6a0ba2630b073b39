/** The list of what a reset will do, alike wherever it is shown before a decision. */
import { css } from "lit";

export const consequences = css`
  .consequences {
    display: grid;
    gap: 0.625rem;
    margin-block-start: var(--wa-space-s);
    list-style: none;
    font-size: 0.9375rem;
  }

  .consequences li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.625rem;
  }

  .consequences wa-icon {
    margin-block-start: 0.1875rem;
    color: var(--wa-color-text-quiet);
  }

  .weighty {
    font-weight: 550;
  }

  .weighty wa-icon {
    color: var(--wa-color-warning-50);
  }
`;
