/**
 * A person asks for a reset: checked, recorded, and only then sent.
 *
 * @module
 */
import type { GatewayError } from "../errors";
import { deliverNow } from "../notify/deliver";
import { MANAGER, PERSON } from "../records/outbox";
import { paused } from "../records/pauses";
import type { Row } from "../records/row";
import type { Standing } from "../records/store";
import type { Services } from "../services";
import { type Admission, admit, refuseStory } from "./admission";
import type { ResetRequest } from "./asking";
import { type Accepted, bindingOf } from "./caller-key";
import { requireSendable, type Target } from "./conditions";
import { type Stage, withinDeadline } from "./deadline";
import { answerOf, isKnown, readStanding, refuseOverDay } from "./earlier";
import { newRow, record } from "./recording";
import { requireNote } from "./request";
import { send } from "./send";

/** @throws {@link GatewayError} */
export function askForReset(services: Services, request: ResetRequest): Promise<Accepted> {
  return withinDeadline(services, request, (stage) => ask(services, request, stage));
}

async function ask(services: Services, request: ResetRequest, stage: Stage): Promise<Accepted> {
  const { person, userId, note } = request;
  const binding = await bindingOf(person, userId, note);

  stage.keyUnread = request.callerKey !== undefined;
  // Counted, and held against the records, before anything is asked of Fireblocks.
  const tooFast = await services.burst.take(person).then(
    () => undefined,
    (refusal: GatewayError) => refusal,
  );
  const standing = await readStanding(services, request);
  stage.keyUnread = false;
  if (isKnown(standing, binding)) {
    if (tooFast === undefined) services.burst.giveBack(person);
    return answerOf(standing, binding, services.now());
  }
  if (tooFast !== undefined) throw tooFast;
  refuseOverDay(standing, services.now());

  if (standing.paused || services.configuration.resetsPaused) throw paused();
  refuseStory(note);
  if (services.configuration.requireNote && note.breakGlass === undefined) requireNote(note);
  const target = await requireSendable(services, userId, [person], request);

  const recorded = await admitAndRecord(services, request, target, { binding, standing, stage });
  if ("answer" in recorded) return recorded.answer;
  const { row, admission } = recorded;
  // The person, and who is to confirm it, are told now and not when the next sweep comes; of an emergency everybody is.
  const whom = row.break_glass === null ? [PERSON, MANAGER] : undefined;
  if (row.told === null || admission.manager !== undefined || whom === undefined)
    request.waitUntil(deliverNow(services, row.id, whom));
  if (row.state !== "sending") return { status: 202, recordId: row.id, replayed: false };
  return send(services, row, request);
}

/** Decided again where the database, as it was to record, knew of more than what had been decided on. */
async function admitAndRecord(
  services: Services,
  request: ResetRequest,
  target: Target,
  { binding, standing, stage }: { binding: string; standing: Standing; stage: Stage },
): Promise<{ row: Row; admission: Admission } | { answer: Accepted }> {
  const admission = await admit(services, request, target, standing);
  const row = newRow(services, request, target, { binding, admission, sentAs: await services.fireblocks.fingerprint });
  stage.begin(row.id);
  const instead = await record(services, row, request, target, admission);
  if (instead === undefined) return { row, admission };
  if ("answer" in instead) return instead;
  stage.retreat();
  return admitAndRecord(services, request, target, { binding, standing: instead.decideOn, stage });
}
