// Long work: a place marked data-job follows its stream of events; where there is no stream, htmx asks again and again.
import type htmx from "htmx.org";

type Told = { state: string; words: string; percent: number };
const ASK_MS = 2000;

export function watchJobs(ask: typeof htmx): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-job]")) follow(place, ask);
  // A fragment that was asked for anew is a new place.
  document.addEventListener("htmx:afterSwap", () => {
    for (const place of document.querySelectorAll<HTMLElement>("[data-job]:not([data-job-asked])")) poll(place, ask);
    const done = document.querySelector<HTMLAnchorElement>("[data-job-done] a");
    if (done && asking) location.assign(done.href);
  });
}

let asking = false;

function follow(place: HTMLElement, ask: typeof htmx): void {
  const stream = new EventSource(place.dataset.events ?? "");
  place.dataset.jobAsked = "";
  stream.onmessage = (event: MessageEvent<string>) => {
    const told = JSON.parse(event.data) as Told;
    show(place, told);
    if (told.state !== "done" && told.state !== "failed") return;
    stream.close();
    if (told.state === "done") location.assign(place.dataset.then ?? location.href);
    else ask.trigger(place, "ask"); // The fragment says what went wrong.
  };
  stream.onerror = () => {
    // The browser comes back by itself after a stream that ended; closed for good means there is none.
    if (stream.readyState === EventSource.CLOSED) poll(place, ask);
  };
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

function show(place: HTMLElement, told: Told): void {
  const words = place.querySelector<HTMLElement>("[data-job-step]");
  if (words && words.textContent !== told.words) words.textContent = told.words;
  const bar = place.querySelector("progress");
  if (bar && told.state === "running") bar.value = told.percent;
}

function poll(place: HTMLElement, ask: typeof htmx): void {
  place.dataset.jobAsked = "";
  asking = true;
  setTimeout(() => ask.trigger(place, "ask"), ASK_MS);
}
