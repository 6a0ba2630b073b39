import { reset } from "../../../../reset.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  const { idempotencyKey } = await reset(JSON.parse(process.env.TASK));
  return <p>{idempotencyKey}</p>;
}
