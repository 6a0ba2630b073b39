/**
 * Buttons by the browser's own element, in the looks of the component library's. All that the first load can show has
 * these: the library's element costs a slow phone some milliseconds each, and would have to arrive before an error is told.
 */
import { css } from "lit";

export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 2.375rem;
    min-inline-size: 2.375rem;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--wa-color-neutral-border-loud);
    border-radius: var(--wa-form-control-border-radius);
    background: transparent;
    color: var(--wa-color-text-normal);
    font: inherit;
    font-size: 0.875rem;
    font-weight: 500;
    line-height: 1.25;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }

  .button:hover {
    background: var(--wa-color-neutral-fill-quiet);
  }

  .button.accent {
    border-color: var(--wa-color-brand-border-loud);
    color: var(--wa-color-brand-on-quiet);
  }

  .button.accent:hover {
    background: var(--wa-color-brand-fill-quiet);
  }

  .button.loud {
    border-color: transparent;
    background: var(--wa-color-brand-fill-loud);
    color: var(--wa-color-brand-on-loud);
  }

  .button.loud:hover {
    background: color-mix(in oklab, var(--wa-color-brand-fill-loud), black 12%);
  }

  .button.plain {
    padding-inline: 0.5rem;
    border-color: transparent;
    color: var(--wa-color-text-quiet);
  }

  .button.plain:hover {
    color: var(--wa-color-text-normal);
  }

  .button:disabled {
    opacity: 0.5;
    cursor: default;
  }
`;
