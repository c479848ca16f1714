// What every page needs: the look, htmx, menus, the theme switch and forms that submit themselves.
import "@tabler/core/dist/css/tabler.min.css";
import "./style.css";
import "@tabler/core/dist/js/tabler.esm.min.js";
import htmx from "htmx.org";
import { watchForms } from "./forms";
import { watchThemeSwitch } from "./theme-switch";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
watchThemeSwitch();
watchForms();
