/**
 * What the page has inline, by hash: all that its first paint needs. The page's build refuses to make a page whose
 * inline parts are others.
 *
 * @module
 */

/** Chooses light or dark before anything is painted (www/index.html). */
export const INLINE_SCRIPT = "sha256-hhpvb5TihStjBlv59fFWt0kEdJuXtgeHGojntmMHsTs=";

/** The page's own styles (www/src/styles/page.css), as the build makes them smaller. */
export const INLINE_STYLE = "sha256-QyB5AS5AjaKRIcrMQ1uT8R5D/pYyiNhLLkzBCskpT0g=";
