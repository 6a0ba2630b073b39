/** What both sides of a match see large: a code, or the words. */
import { css } from "lit";

export const helpStyles = css`
  .stack {
    display: grid;
    gap: var(--wa-space-m);
  }

  .measure {
    max-inline-size: 42rem;
  }

  .large {
    justify-self: start;
    max-inline-size: 100%;
    padding: var(--wa-space-m) var(--wa-space-l);
    border: 1px solid var(--wa-color-brand-border-loud);
    border-radius: var(--wa-border-radius-l);
    background: var(--wa-color-brand-fill-quiet);
    color: var(--wa-color-text-normal);
  }

  .large:focus {
    outline: none;
  }

  .code {
    display: flex;
    gap: 0.35em;
    font-family: var(--wa-font-family-code);
    font-size: clamp(2.25rem, 11vw, 3.25rem);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    letter-spacing: 0.06em;
    line-height: 1.1;
  }

  .word {
    font-size: clamp(1.5rem, 7vw, 2.25rem);
    font-weight: 620;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }

  .caution {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--wa-space-s);
    padding: var(--wa-space-s) var(--wa-space-m);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-warning-fill-quiet);
    color: var(--wa-color-warning-on-quiet);
    overflow-wrap: anywhere;
  }

  .caution.danger {
    background: var(--wa-color-danger-fill-quiet);
    color: var(--wa-color-danger-on-quiet);
  }

  .caution wa-icon {
    margin-block-start: 0.2em;
  }
`;
