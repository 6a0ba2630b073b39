"use client";

import { useEffect } from "react";
import { resetInPage } from "../../../../page.js";

export default function Page() {
  useEffect(() => {
    resetInPage();
  }, []);
  return <p>Resetting.</p>;
}
