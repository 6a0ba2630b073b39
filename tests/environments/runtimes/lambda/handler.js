// A function of AWS Lambda, which is called with the task as its event.
import { reset } from "../common/reset.js";

export async function handler(event) {
  return { statusCode: 200, body: JSON.stringify(await reset(event)) };
}
