import { reset } from "../../../../../reset.js";

export async function POST(request) {
  return Response.json(await reset(await request.json()));
}
