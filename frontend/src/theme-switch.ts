// The switch between light, dark and the system's choice; kept in a cookie, so that the server draws the right one.
const YEAR_S = 365 * 24 * 3600;

export function watchThemeSwitch(): void {
  const switches = document.querySelectorAll<HTMLButtonElement>("[data-set-theme]");
  const show = (): void => {
    const chosen = document.documentElement.dataset.theme ?? "auto";
    for (const one of switches) {
      const on = one.dataset.setTheme === chosen;
      one.classList.toggle("active", on);
      one.setAttribute("aria-pressed", String(on));
    }
  };
  for (const one of switches) {
    one.addEventListener("click", () => {
      const theme = one.dataset.setTheme ?? "auto";
      document.cookie = `theme=${theme}; path=/; max-age=${YEAR_S}; samesite=lax`;
      document.documentElement.dataset.theme = theme;
      document.dispatchEvent(new CustomEvent("oblik:theme-chosen"));
      show();
    });
  }
  show();
}
