/**
 * Requests for help end after their day, also where nobody looks at them again.
 *
 * @module
 */
import { endOverdue } from "../help/requests";
import type { Services } from "../services";

const ENDED_A_RUN = 10;

/** @returns how many ended */
export async function expireHelp(services: Services): Promise<number> {
  const { help, now } = services;
  let ended = 0;
  for (const row of await help.overdue(now(), ENDED_A_RUN)) ended += Number(await endOverdue(services, row));
  return ended;
}
