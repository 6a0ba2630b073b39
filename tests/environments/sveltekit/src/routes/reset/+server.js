import { json } from "@sveltejs/kit";
import { reset } from "../../../common/reset.js";

export async function POST({ request }) {
  return json(await reset(await request.json()));
}
