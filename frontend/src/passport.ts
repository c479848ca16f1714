// A camera's passport: the slider through its days, its small map when it comes into view, and the forms of its values.

const PAUSE_MS = 500; // after the last key, before the register is asked what is alike

export function watchPassport(): void {
  watchSlider();
  watchSmallMap();
  watchPins();
  watchNew();
}

// The slider steps through the days on which something changed; the date field says the same and works without it.
function watchSlider(): void {
  document.querySelector("#as-of-form button")?.setAttribute("hidden", ""); // a change sends the form by itself
  const slider = document.querySelector<HTMLInputElement>("#as-of-slider");
  const field = document.querySelector<HTMLInputElement>("#as-of");
  const days = slider?.dataset.days?.split(",") ?? [];
  if (!slider || !field || days.length < 2) return;
  const place = (): number => Math.max(0, days.filter((day) => day <= field.value).length - 1);
  slider.value = String(place());
  slider.setAttribute("aria-valuetext", field.value);
  slider.hidden = false;
  slider.addEventListener("input", () => {
    field.value = days[Number(slider.value)] ?? field.value;
    slider.setAttribute("aria-valuetext", field.value);
  });
  field.addEventListener("change", () => (slider.value = String(place())));
}

function watchSmallMap(): void {
  const box = document.querySelector<HTMLElement>("#small-map");
  if (!box) return;
  box.hidden = false;
  new IntersectionObserver((seen, watcher) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watcher.disconnect();
    // The map is large and most people look at the words first.
    import("./small-map").then(({ startSmallMap }) => startSmallMap(box), () => (box.hidden = true));
  }).observe(box);
}

// A value typed anew is pinned: the tick shows it at once, and goes when the old value is back.
function watchPins(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-edit]");
  form?.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement)) return;
    const field = input.closest<HTMLElement>("[data-field]");
    if (!field || input.dataset.held === undefined) return;
    const changed = input.value.trim() !== input.dataset.held;
    field.classList.toggle("changed", changed);
    const tick = field.querySelector<HTMLInputElement>(".pin input");
    if (tick) tick.checked = changed ? input.value.trim() !== "" : tick.defaultChecked;
  });
}

function watchNew(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-new]");
  const alike = document.getElementById("alike");
  if (!form || !alike) return;
  let waiting = 0;
  const ask = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => alike.dispatchEvent(new CustomEvent("oblik:typed")), PAUSE_MS);
  };
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLElement && event.target.closest("[data-field]")) ask();
  });
}
