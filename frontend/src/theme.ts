// Sets light or dark before the first paint; the rest of the page may load later.
// Loaded as a classic script: it must not import anything.
{
  const chosen = document.documentElement.dataset.theme;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const theme = document.documentElement.dataset.theme ?? "auto";
    const dark = theme === "dark" || (theme === "auto" && prefersDark.matches);
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("oblik:theme"));
  };
  if (chosen === undefined) document.documentElement.dataset.theme = "auto";
  apply();
  prefersDark.addEventListener("change", apply);
  document.addEventListener("oblik:theme-chosen", apply);
}
