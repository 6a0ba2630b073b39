/** Fields of a form in which something is wrong. */
import { css } from "lit";

export const fields = css`
  .wrong::part(hint) {
    color: var(--wa-color-danger-on-quiet);
    font-weight: 550;
  }

  .wrong::part(input-wrapper),
  .wrong::part(textarea-wrapper) {
    border-color: var(--wa-color-danger-fill-loud);
  }
`;
