/** What the affected person says to a reset of theirs, and alarms. */
import type { Alarm, AlarmList, StopAnswer } from "fireblocks-reset-device/gateway-api";
import { ask } from "./api.ts";

export const stopReset = (recordId: string): Promise<StopAnswer> =>
  ask(`/api/me/resets/${encodeURIComponent(recordId)}/stop`, { changing: "word" }, (response) => response.json());

export const raiseAlarm = (text: string, resetId?: string): Promise<Alarm> =>
  ask("/api/me/alarm", { changing: "alarm" }, (response) => response.json(), {
    body: { text, ...(resetId !== undefined && { resetId }) },
  });

export const getAlarms = (): Promise<AlarmList> =>
  ask("/api/alarms", { reading: "the alarms" }, (response) => response.json());

export const closeAlarm = (alarmId: string, reason: string): Promise<void> =>
  ask(`/api/alarms/${encodeURIComponent(alarmId)}/close`, { changing: "alarm" }, async () => undefined, {
    body: { reason },
  });
