/** The looks of the dialog in which a reset is asked for, and what its form and its progress have in common. */
import { css } from "lit";

export const dialogStyles = css`
  wa-dialog {
    --width: 43rem;
  }

  /* What is scrolled goes below a line, as it does at the buttons. */
  wa-dialog::part(header) {
    border-block-end: 1px solid var(--wa-color-surface-border);
  }

  wa-dialog::part(body) {
    padding-block-start: var(--wa-space-l);
  }

  .where {
    padding: 0.375rem 0.75rem;
    border-radius: var(--wa-border-radius-m);
    font-size: 0.875rem;
    font-weight: 600;
  }

  .who {
    display: grid;
    gap: var(--wa-space-s);
    border: 1px solid var(--wa-color-surface-border);
  }

  .who:focus {
    outline: none;
    border-radius: var(--wa-border-radius-m);
  }

  .name {
    font-size: 1.25rem;
    font-weight: 650;
    line-height: 1.25;
  }

  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.25rem var(--wa-space-m);
    align-items: baseline;
    font-size: 0.9375rem;
  }

  dt {
    color: var(--wa-color-text-quiet);
  }

  @media (min-height: 30rem) {
    /* What gets the focus by Tab stops above the buttons that stick to the end. */
    wa-dialog::part(body) {
      scroll-padding-block-end: 6.5rem;
    }
  }

  @media (max-width: 30rem) {
    wa-dialog::part(dialog) {
      inline-size: 100vw;
      max-inline-size: 100vw;
      max-block-size: 100dvh;
      margin: auto 0 0;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }

    /* What is scrolled goes under the heading, which often takes two lines. */
    wa-dialog::part(header) {
      padding-block: var(--wa-space-m);
    }

    wa-dialog::part(body) {
      padding-block-start: var(--wa-space-m);
    }

    dl {
      grid-template-columns: minmax(0, 1fr);
    }

    dd {
      margin-block-end: 0.25rem;
    }
  }
`;

/** What stands in the dialog, one below the other, with buttons that stay in sight at its end. */
export const dialogContent = css`
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--wa-space-l);
  }

  .warning {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.625rem;
    padding: var(--wa-space-s) var(--wa-space-m);
    border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
    background: var(--wa-color-warning-fill-quiet);
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--wa-space-s);
  }

  @media (min-height: 30rem) {
    .buttons {
      position: sticky;
      inset-block-end: calc(-1 * var(--spacing, var(--wa-space-l)));
      margin: 0 calc(-1 * var(--wa-space-l)) calc(-1 * var(--wa-space-l));
      padding: var(--wa-space-m) var(--wa-space-l);
      border-block-start: 1px solid var(--wa-color-surface-border);
      background: var(--wa-color-surface-raised);
      z-index: 1;
    }

    /* More lies below: what is cut off by the buttons fades out. */
    .buttons::before {
      content: "";
      position: absolute;
      inset: auto 0 100%;
      block-size: 2.5rem;
      background: linear-gradient(to top, var(--wa-color-surface-raised), transparent);
      pointer-events: none;
    }
  }

  @media (max-width: 30rem) {
    .buttons {
      flex-direction: column-reverse;
    }

    /* A form is read to its end first. */
    form .buttons {
      position: static;
      margin: 0;
      padding: 0;
      border: 0;
    }

    form .buttons::before {
      display: none;
    }
  }
`;
