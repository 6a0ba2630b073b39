/**
 * Waiting no longer than was agreed on.
 *
 * @module
 */

/** Settles as `promise` does, or after `ms` milliseconds with what `late` gives or throws. */
export async function withTimeLimit<T, L>(promise: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  const timer = Promise.withResolvers<L>();
  const handle = setTimeout(() => {
    try {
      timer.resolve(late());
    } catch (error) {
      timer.reject(error);
    }
  }, ms);
  try {
    return await Promise.race([promise, timer.promise]);
  } finally {
    clearTimeout(handle);
  }
}
