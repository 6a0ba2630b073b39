// A program: the task comes in the environment, the receipt goes to standard output. Without top-level await, so that it
// can be bundled as CommonJS too.
import process from "node:process";
import { reset } from "./reset.js";

reset(JSON.parse(process.env.TASK)).then((receipt) => console.log(JSON.stringify(receipt)));
