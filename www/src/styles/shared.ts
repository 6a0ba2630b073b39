/** What every element of the page has in common. */
import { css } from "lit";

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }

  h1,
  h2,
  h3 {
    text-wrap: balance;
  }

  h1 {
    font-size: var(--title-size);
    font-weight: 650;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }

  h1:focus {
    outline: none;
  }

  h2 {
    font-size: 1.0625rem;
    font-weight: 620;
    line-height: 1.3;
  }

  h3 {
    font-size: 1rem;
    font-weight: 600;
  }

  p {
    text-wrap: pretty;
  }

  a {
    color: var(--wa-color-text-link);
    text-decoration: underline;
    text-decoration-color: color-mix(in oklab, currentColor 35%, transparent);
    text-underline-offset: 0.2em;
  }

  a:hover {
    text-decoration-color: currentColor;
  }

  :is(a, button, select, input, summary, [tabindex]):focus-visible {
    outline: var(--wa-focus-ring);
    outline-offset: 2px;
    border-radius: var(--wa-border-radius-s);
  }

  code,
  .mono {
    font-family: var(--wa-font-family-code);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .quiet {
    color: var(--wa-color-text-quiet);
  }

  .small {
    font-size: 0.875rem;
  }

  .anywhere {
    overflow-wrap: anywhere;
  }

  .address-whole {
    display: inline-block;
    max-inline-size: 100%;
  }

  .visually-hidden,
  .unlabelled::part(form-control-label) {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .panel {
    border: 1px solid var(--wa-color-surface-border);
    border-radius: var(--wa-border-radius-l);
    background: var(--wa-color-surface-default);
  }

  .box {
    display: grid;
    gap: var(--wa-space-m);
    padding: var(--wa-space-l);
  }

  .box-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--wa-space-xs);
  }

  /* A text apart from what is said around it: code, a message, facts. */
  .apart {
    padding: var(--wa-space-m);
    border-radius: var(--wa-border-radius-m);
    background: var(--wa-color-surface-lowered);
  }

  pre {
    margin: 0;
    font-family: var(--wa-font-family-code);
    font-size: 0.8125rem;
  }

  .intro {
    margin-block: 0.375rem var(--wa-space-l);
    color: var(--wa-color-text-quiet);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-s);
  }

  /* As high and as large as the page's own buttons (buttons.ts). */
  wa-button::part(button) {
    block-size: auto;
    min-block-size: 2.375rem;
    padding-inline: 0.875rem;
    font-size: 0.875rem;
    line-height: 1.25;
    white-space: normal;
  }

  /* The library's quiet label is taken for a disabled one on a dark ground. */
  wa-button[appearance="outlined"][variant="neutral"]::part(label) {
    color: var(--wa-color-text-normal);
  }

  wa-badge {
    font-weight: 550;
    white-space: nowrap;
  }

  @media print {
    .no-print {
      display: none !important;
    }

    .panel {
      border-color: #999;
    }
  }
`;
