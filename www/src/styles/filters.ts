/** The fields above a list, by the browser's own controls: each a frame with a name or a mark, and the control in it. */
import { css } from "lit";

export const filters = css`
  .frame {
    display: flex;
    align-items: center;
    position: relative;
    min-block-size: 2.75rem;
    border: 1px solid var(--wa-form-control-border-color);
    border-radius: var(--wa-form-control-border-radius);
    background: var(--wa-form-control-background-color);
  }

  /* WebKit has the focus on a part of the date, and does not count the field as visibly focused. */
  .frame:has(:is(input, select):focus-visible, input[type="date"]:focus-within) {
    outline: var(--wa-focus-ring);
    outline-offset: 1px;
  }

  :is(input, select) {
    flex: 1;
    align-self: stretch;
    min-inline-size: 0;
    padding: 0;
    border: 0;
    outline: none;
    background: none;
    color: inherit;
    font: inherit;
  }

  /* The mark of the frame stands for the browser's own, and the text ends before it. */
  select {
    padding: 0.25rem 2.125rem 0.25rem 0.75rem;
    appearance: none;
    text-overflow: ellipsis;
    cursor: pointer;
  }

  option {
    background: var(--wa-color-surface-raised);
    color: var(--wa-color-text-normal);
  }

  select + wa-icon {
    position: absolute;
    inset-inline-end: 0.75rem;
    font-size: 0.75rem;
    pointer-events: none;
  }

  /* The frame has the ring. */
  .frame :is(input, select):focus-visible {
    outline: none;
  }
`;
