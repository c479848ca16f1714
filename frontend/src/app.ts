// What every page needs: the look, htmx, menus, the theme switch and forms that submit themselves.
import "@tabler/core/dist/css/tabler.min.css";
import "./style.css";
import "./counts.css";
import "./handin.css";
import "./passport.css";
import "./review.css";
import "@tabler/core/dist/js/tabler.esm.min.js";
import htmx from "htmx.org";
import { watchChoosing } from "./choosing";
import { watchCopying } from "./copying";
import { watchForms } from "./forms";
import { watchKeys } from "./keys";
import { watchSearch } from "./search";
import { watchPassport } from "./passport";
import { watchLeaving } from "./leaving";
import { watchThemeSwitch } from "./theme-switch";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
watchThemeSwitch();
watchLeaving();
watchForms();
watchKeys();
watchCopying();
watchChoosing();
watchSearch();
const review = document.querySelector<HTMLElement>("[data-behaviour=review]");
if (review) void import("./review").then(({ startReview }) => startReview(review));
watchPassport();
const laying = document.querySelector<HTMLFormElement>("form[data-drop]");
if (laying) void import("./handin").then(({ watchDrop }) => watchDrop(laying));
if (document.querySelector("[data-job]")) void import("./jobs").then(({ watchJobs }) => watchJobs(htmx));
