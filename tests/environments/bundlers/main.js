import { resetInPage } from "./common/page.js";

resetInPage();
