import { reset } from "./common/reset.js";

export default {
  async fetch(request) {
    return Response.json(await reset(await request.json()));
  },
};
