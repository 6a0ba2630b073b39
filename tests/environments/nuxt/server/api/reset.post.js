import { reset } from "../../common/reset.js";

export default defineEventHandler(async (event) => reset(await readBody(event)));
