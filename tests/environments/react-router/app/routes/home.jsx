import { useEffect } from "react";
import { resetInPage } from "../../common/page.js";

export default function Home() {
  useEffect(() => {
    resetInPage();
  }, []);
  return <p>Resetting.</p>;
}
