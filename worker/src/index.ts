/**
 * The deployable Worker: the gateway with its page, settings from the environment.
 *
 * @module
 */
import { createGateway } from "./gateway";

export default createGateway();
