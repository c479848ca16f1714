// What every page needs: the look, htmx, menus, the theme switch and forms that submit themselves.
import "@tabler/core/dist/css/tabler.min.css";
import "./style.css";
import "./passport.css";
import "./review.css";
import "@tabler/core/dist/js/tabler.esm.min.js";
import htmx from "htmx.org";
import { watchCopying } from "./copying";
import { watchForms } from "./forms";
import { watchKeys } from "./keys";
import { watchSearch } from "./search";
import { watchPassport } from "./passport";
import { watchThemeSwitch } from "./theme-switch";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
watchThemeSwitch();
watchForms();
watchKeys();
watchCopying();
watchSearch();
const review = document.querySelector<HTMLElement>("[data-behaviour=review]");
if (review) void import("./review").then(({ startReview }) => startReview(review));
watchPassport();
