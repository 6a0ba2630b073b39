// In which variants each picture is taken, and what the files are called.

export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
export const THEMES = /** @type {const} */ (["light", "dark"]);

/** @param {string} state @param {string} theme @param {string} size */
export const pictureName = (state, theme, size) => `${state}-${theme}-${size}.png`;
