/** Whether there is nothing in a text that could be seen: an unset variable in quotes, a line end, a stray space. */
export function isBlank(text: string): boolean {
  return /^[\s\p{C}]*$/u.test(text);
}
