/**
 * Somebody's own screen: their user, their request for help, the resets of their device.
 *
 * @module
 */
import type { Me } from "fireblocks-reset-device/gateway-api";
import type { Person } from "../access/people";
import type { WaitUntil } from "../fireblocks/shared";
import { openAlarmsOf, toAlarm } from "../records/alarms";
import { resetsOf, toMyReset } from "../records/own-resets";
import { refuseTarget } from "../resets/eligibility";
import type { Services } from "../services";
import { nameOf, requireOwnUser } from "./own-user";
import { ownHelp } from "./requests";

const DAY_MS = 86_400_000;

/** @throws {@link GatewayError} 403 where the sign-in is nobody's of this workspace */
export async function readMe(services: Services, person: Person, waitUntil: WaitUntil): Promise<Me> {
  const { user, ids } = await requireOwnUser(services, person, waitUntil, "show");
  const { help, bindings, configuration, now } = services;
  const [asked, resets, alarms] = await Promise.all([
    help.newestOf(user.id, now() - DAY_MS),
    resetsOf(bindings.DB, ids),
    openAlarmsOf(bindings.DB, ids),
  ]);
  const { id, email, role, status } = user;
  const name = nameOf(user);
  const blocked = refuseTarget(user, false);
  return {
    user: {
      id,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(role !== undefined && { role }),
      ...(status !== undefined && { status }),
    },
    ...(blocked && { blocked: { code: blocked.code, message: blocked.message } }),
    ...(asked !== null && { help: await ownHelp(services, asked) }),
    resets: resets.map((reset) => toMyReset(reset, now(), configuration)),
    alarms: alarms.map(toAlarm),
  };
}
