/** A modal dialog, and a plainer one where `showModal` is missing: an older browser, or the DOM of somebody's tests. */

/** Shows the dialog; it must be in the document. */
export function showModal(dialog: HTMLDialogElement): void {
  if (typeof dialog.showModal === "function") dialog.showModal();
  else dialog.setAttribute("open", "");
}

export function hideModal(dialog: HTMLDialogElement): void {
  if (typeof dialog.close === "function") dialog.close();
  else dialog.removeAttribute("open");
}

/** Calls `cancel` where the person presses Escape in a dialog that the browser does not close by itself. */
export function onPlainEscape(dialog: HTMLDialogElement, cancel: () => void): void {
  if (typeof dialog.showModal === "function") return;
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });
}
