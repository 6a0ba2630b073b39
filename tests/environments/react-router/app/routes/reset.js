import { reset } from "../../common/reset.js";

export async function action({ request }) {
  return Response.json(await reset(await request.json()));
}
