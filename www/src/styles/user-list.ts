/** The looks of the list of users. */
import { css } from "lit";

export const userListStyles = css`
  :host {
    font-size: 0.9375rem;
    --columns: minmax(13rem, 1.8fr) minmax(7.5rem, 0.9fr) 13rem minmax(15rem, 1.4fr);
    --head-height: 2.5rem;
  }

  .panel {
    overflow: clip;
  }

  [role="row"] {
    display: grid;
    grid-template-columns: var(--columns);
    gap: 0.25rem var(--wa-space-m);
    align-items: center;
    padding-inline: var(--wa-space-m);
  }

  .head {
    position: sticky;
    inset-block-start: var(--strip-height);
    z-index: 2;
    border-block-end: 1px solid var(--wa-color-surface-border);
    background: var(--wa-color-surface-default);
    font-size: 0.8125rem;
  }

  .head button {
    display: inline-flex;
    align-items: center;
    gap: 0.3125rem;
    min-block-size: var(--head-height);
    padding: 0;
    border: 0;
    background: none;
    color: var(--wa-color-text-quiet);
    font: inherit;
    font-weight: 550;
    cursor: pointer;
  }

  .head .plain {
    color: var(--wa-color-text-quiet);
    font-weight: 550;
  }

  .head button:hover,
  [aria-sort]:not([aria-sort="none"]) button {
    color: var(--wa-color-text-normal);
  }

  .head wa-icon {
    font-size: 0.625rem;
    visibility: hidden;
  }

  [aria-sort]:not([aria-sort="none"]) wa-icon {
    visibility: visible;
  }

  [aria-sort="ascending"] wa-icon {
    rotate: 180deg;
  }

  .body {
    position: relative;
  }

  .body [role="row"] {
    position: absolute;
    inset: 0 0 auto;
    min-block-size: 4.25rem;
    padding-block: 0.625rem;
    border-block-end: 1px solid var(--wa-color-surface-border);
    background: var(--wa-color-surface-default);
    /* A row that the arrow keys reach stops below the head, and not under it. */
    scroll-margin-block: var(--head-height) 0.5rem;
  }

  .body [role="row"]:hover {
    background: var(--row-hover);
  }

  .body [role="row"]:focus-visible {
    outline: var(--wa-focus-ring);
    outline-offset: -3px;
    border-radius: 0;
  }

  .name {
    font-weight: 570;
  }

  .act p {
    font-size: 0.8125rem;
    line-height: 1.35;
    color: var(--wa-color-text-quiet);
  }

  .act .open {
    font-size: 0.875rem;
  }

  .act .told {
    color: var(--wa-color-text-normal);
    font-weight: 600;
  }

  .printing .body [role="row"] {
    position: static;
  }

  @media (max-width: 52rem) {
    :host {
      --head-height: 0;
    }

    .head {
      display: none;
    }

    [role="row"] {
      grid-template-columns: minmax(0, 1fr) auto;
    }

    .user {
      grid-column: 1 / -1;
    }

    .body [role="row"] {
      padding-block: var(--wa-space-s);
    }

    .role {
      font-size: 0.875rem;
      color: var(--wa-color-text-quiet);
    }

    .status {
      justify-self: end;
    }

    .act {
      grid-column: 1 / -1;
      padding-block-start: 0.25rem;
    }
  }

  @media print {
    .body [role="row"] {
      break-inside: avoid;
    }

    .act .button {
      display: none;
    }
  }
`;
