// Chooses light or dark before the first paint. Not a module, so that it runs before the page is drawn; not inline,
// because the Content-Security-Policy lets no inline script in.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let choice = null;
    try {
      choice = localStorage.getItem("reset-device/theme");
    } catch {
      // Storage is switched off: the system's choice stands.
    }
    const dark = choice === "dark" || (choice !== "light" && system.matches);
    root.classList.toggle("wa-dark", dark);
    root.classList.toggle("wa-light", !dark);
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("theme-change", apply);
})();
