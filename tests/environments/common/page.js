// A page, or a worker of one: asks for the task, makes the reset through its own origin, and tells what came of it.
import { reset } from "./reset.js";

export async function resetInPage() {
  try {
    const task = await (await fetch("/environment/task")).json();
    await tell({ receipt: await reset({ ...task, basePath: "/v1" }) });
  } catch (error) {
    await tell({ error: String(error) });
  }
}

function tell(outcome) {
  return fetch("/environment/outcome", { method: "POST", body: JSON.stringify(outcome) });
}
