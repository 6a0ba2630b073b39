import { reset } from "../../common/reset.js";

export async function POST({ request }) {
  return Response.json(await reset(await request.json()));
}
