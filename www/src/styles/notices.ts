/** A line above the screens with something to know, and a button or two. */
import { css } from "lit";

export const notices = css`
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--wa-space-xs) var(--wa-space-m);
    padding: var(--wa-space-s) var(--wa-space-m);
    margin-block-end: var(--wa-space-m);
    border-inline-start: 3px solid var(--notice-edge, var(--wa-color-brand-fill-loud));
  }

  .notice p {
    flex: 1 1 20rem;
  }
`;
