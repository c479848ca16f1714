// The page on the phone: the round, one check at a time, and what waits to be sent. Everything works without a network.
import "./field.css";
import { watchThemeSwitch } from "../theme-switch";
import { CheckView } from "./check-view";
import { keepGround } from "./ground";
import type { RoundMap } from "./maps";
import { Position, apart } from "./position";
import { codeFits, codeIn, scan } from "./scan";
import { type State, askDay, drop, sendAll, titleOf, tryAgain } from "./sending";
import { type Day, type Kept, type Round, type Stop, forgetOld, forgetRounds, forgetSent, keepCheck, keepDay, keptChecks, keptDay } from "./store";
import { answers, metres, said, side } from "./words";

const AGAIN_MS = 20_000;
const part = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;
const VIEWS = ["round", "empty", "check", "scan", "sent"] as const;
type View = (typeof VIEWS)[number];

let day: Day | null = null;
let round: Round | null = null;
let state: State = "idle";
let map: RoundMap | null = null;
let leftToSay = ""; // shown on the round once the way back has led there
let stopScanning: (() => void) | null = null;
const plainTitle = part("title").textContent ?? "";

function tell(text: string): void {
  part("note").textContent = text;
  part("note").hidden = !text;
}

// ------------------------------------------------------------------------------------------- views

function view(name: View, title = plainTitle): void {
  for (const one of VIEWS) part(`view-${one}`).hidden = one !== name;
  const outside = name === "round" || name === "empty";
  part("back").hidden = outside;
  part("bar").hidden = !outside || !round;
  part("title").textContent = title;
  if (name !== "scan") {
    stopScanning?.();
    stopScanning = null;
  }
  if (name !== "check") check.close();
  window.scrollTo(0, 0);
}

function go(name: View, title?: string): void {
  if (name === "round" || name === "empty") view(round ? "round" : "empty", title);
  else {
    history.pushState({ view: name }, "");
    view(name, title);
  }
}

function home(): void {
  tell(leftToSay);
  leftToSay = "";
  go("round");
  void drawRound();
}

// ------------------------------------------------------------------------------------------- the round

async function answered(): Promise<Map<string, string>> {
  const made = new Map<string, string>((round?.stops ?? []).filter((stop) => stop.answer).map((stop) => [stop.code, stop.answer]));
  for (const one of (await keptChecks()).sort((a, b) => a.check.said_at.localeCompare(b.check.said_at))) {
    if (one.check.round === round?.id && one.person === day?.person && one.check.camera) made.set(one.check.camera, one.check.answer);
  }
  return made;
}

async function shownStops(): Promise<Stop[]> {
  const made = await answered();
  return (round?.stops ?? []).map((stop) => ({ ...stop, answer: made.get(stop.code) ?? "" }));
}

function awayOf(stop: Stop): string {
  const best = position.best();
  if (!best || stop.lon_deg === null || stop.lat_deg === null) return "";
  const { m, deg } = apart(best, stop.lon_deg, stop.lat_deg);
  return `${metres(m)}\n${side(deg)}`;
}

async function drawRound(): Promise<void> {
  if (!round) {
    part("empty-title").textContent = said("no_round");
    part("empty-text").textContent = said("no_round_hint");
    return;
  }
  const stops = await shownStops();
  const done = stops.filter((stop) => stop.answer).length;
  part("round-about").textContent = [said("done", { done, all: stops.length }), metres(round.way_m), round.name].filter(Boolean).join(" · ");
  Object.assign(part<HTMLProgressElement>("progress"), { max: Math.max(1, stops.length), value: done });
  const next = stops.find((stop) => !stop.answer)?.code;
  part("stops").replaceChildren(...stops.map((stop) => line(stop, stop.code === next)));
  map?.show(stops, position.best());
  drawRounds();
}

function line(stop: Stop, isNext: boolean): HTMLElement {
  const one = part<HTMLTemplateElement>("line-stop").content.firstElementChild?.cloneNode(true) as HTMLElement;
  const button = one.querySelector("button") as HTMLButtonElement;
  const find = (name: string): HTMLElement => one.querySelector(name) as HTMLElement;
  find(".stop-number").textContent = String(stop.place);
  find("strong").textContent = String(stop.values.name || stop.code);
  find(".stop-words .text-secondary").textContent = String(stop.values.address ?? stop.values.site ?? "");
  find(".stop-answer").textContent = stop.answer ? (answers[stop.answer] ?? stop.answer) : "";
  find(".stop-away").textContent = stop.answer ? "" : awayOf(stop);
  button.dataset.code = stop.code;
  button.dataset.answer = stop.answer;
  if (isNext) button.setAttribute("aria-current", "step");
  button.addEventListener("click", () => openStop(stop));
  return one;
}

function drawRounds(): void {
  const chooser = part<HTMLSelectElement>("rounds");
  const rounds = day?.rounds ?? [];
  chooser.hidden = rounds.length < 2;
  chooser.replaceChildren(...rounds.map((one) => new Option([one.day, one.name].filter(Boolean).join(" · "), String(one.id), false, one.id === round?.id)));
}

function openStop(stop: Stop): void {
  if (!round) return;
  tell("");
  go("check", `№ ${stop.place}`);
  check.open(round, stop, { base: day?.base ?? "", typed: "" });
}

async function showMap(wanted: boolean): Promise<void> {
  part("stops").hidden = wanted;
  part("round-map").hidden = !wanted;
  for (const [id, on] of [["as-list", !wanted], ["as-map", wanted]] as const) {
    part(id).classList.toggle("active", on);
    part(id).setAttribute("aria-pressed", String(on));
  }
  map?.remove();
  map = null;
  if (!wanted || !round) return;
  const { roundMap } = await import("./maps");
  const stops = await shownStops();
  map = roundMap(part("round-map"), {
    stops, start: round.start, base: day?.base ?? "",
    pick: (code) => {
      const stop = stops.find((one) => one.code === code);
      if (stop) openStop(stop);
    },
  });
}

// ------------------------------------------------------------------------------------------- sending

async function drawState(): Promise<void> {
  const kept = (await keptChecks()).filter((one) => one.person === day?.person);
  const waiting = kept.filter((one) => one.state === "waiting").length;
  const refused = kept.filter((one) => one.state === "refused").length;
  const box = part("state");
  box.dataset.state = refused ? "refused" : waiting ? "waiting" : state === "offline" ? "offline" : "sent";
  const words: string[] = [];
  if (refused) words.push(said("trouble", { n: refused }));
  if (waiting) words.push(state === "sending" ? said("sending") : said("waiting", { n: waiting }));
  if (!waiting && !refused) words.push(state === "signed-out" || state === "offline" ? "" : said("all_sent"));
  if (state === "offline" && !waiting) words.push(said("offline"));
  if (state === "signed-out") words.push(said("sign_in"));
  part("state-text").textContent = words.filter(Boolean).join(" · ");
  drawSent(kept);
}

function drawSent(kept: Kept[]): void {
  const rank = { refused: 0, waiting: 1, sent: 2 };
  kept.sort((one, other) => rank[one.state] - rank[other.state] || other.check.said_at.localeCompare(one.check.said_at));
  part("send").hidden = !kept.some((one) => one.state === "waiting");
  part("nothing-said").hidden = kept.length > 0;
  part("sent").replaceChildren(...kept.map(sentLine));
}

function sentLine(one: Kept): HTMLElement {
  const shown = part<HTMLTemplateElement>("line-sent").content.firstElementChild?.cloneNode(true) as HTMLElement;
  const find = (name: string): HTMLElement => shown.querySelector(name) as HTMLElement;
  shown.dataset.state = one.state;
  shown.dataset.id = one.id;
  find("strong").textContent = one.title;
  find(".told").textContent = one.state === "waiting" ? said("saved") : one.told;
  find(".pair").hidden = one.state !== "refused";
  find(".again").addEventListener("click", () => void tryAgain(one).then(sendNow));
  find(".drop").addEventListener("click", () => {
    if (window.confirm(said("drop"))) void drop(one).then(drawState).then(drawRound);
  });
  return shown;
}

async function sendNow(): Promise<void> {
  const read = await sendAll((now) => {
    state = now;
    void drawState();
  });
  if (read) take(read);
  await drawState();
  if (!part("view-round").hidden || !part("view-empty").hidden) {
    if (part("view-round").hidden !== !round) go("round");
    await drawRound();
  }
}

function take(read: Day): void {
  day = read;
  round = read.rounds.find((one) => one.id === round?.id) ?? read.rounds[0] ?? null;
}

async function keepMade(made: { check: Kept["check"]; photos: ArrayBuffer[] }): Promise<void> {
  if (!day) return;
  const title = titleOf(made.check.camera, made.check.answer);
  await keepCheck({ id: made.check.id, person: day.person, check: made.check, title, photos: made.photos, state: "waiting", told: "" });
  leftToSay = said("saved");
  history.back();
  await drawState();
  await sendNow();
  const kept = (await keptChecks()).find((one) => one.id === made.check.id);
  if (kept && kept.state !== "waiting" && !part("view-round").hidden) tell(kept.told);
}

// ------------------------------------------------------------------------------------------- scanning

function openCode(text: string): boolean {
  const code = codeIn(text);
  const wrong = !code ? said("scan_wrong", { text: text.slice(0, 60) }) : codeFits(code) ? "" : said("code_wrong", { code });
  part("scan-said").textContent = wrong;
  part("scan-said").hidden = !wrong;
  if (wrong || !round) return false;
  const stop = round.stops.find((one) => one.code === code);
  view("check", code);
  check.open(round, stop ?? null, { base: day?.base ?? "", typed: code });
  return true;
}

async function openScan(): Promise<void> {
  go("scan", said("scan"));
  part("scan-said").hidden = true;
  part("video").hidden = false;
  stopScanning = await scan(part<HTMLVideoElement>("video"), openCode);
  if (stopScanning) return;
  part("video").hidden = true;
  part("scan-said").textContent = said("scan_none");
  part("scan-said").hidden = false;
  part("typed-code").focus();
}

// ------------------------------------------------------------------------------------------- beginning and end

async function leave(form: HTMLFormElement): Promise<void> {
  const waiting = (await keptChecks()).filter((one) => one.state !== "sent" && one.person === day?.person).length;
  if (waiting && !window.confirm(said("leave", { n: waiting }))) return;
  await forgetSent();
  await forgetRounds();
  form.submit();
}

// The first opening was not through the service worker, which keeps every later one.
async function keepPage(): Promise<void> {
  if (!navigator.serviceWorker.controller) {
    await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  }
  const kept = await caches.open("oblik-shell");
  if (!(await kept.match(location.pathname))) await kept.add(location.pathname);
  document.body.dataset.kept = "1"; // tells tests that the network may go
}

async function begin(): Promise<void> {
  await forgetOld();
  const kept = await keptDay();
  if (kept) take(kept);
  view(round ? "round" : "empty");
  await drawRound();
  await drawState();
  try {
    const { csrf, ...read } = await askDay();
    await keepDay(read);
    take(read);
    for (const input of document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]")) input.value = csrf;
    if (read.base && round) void keepGround(read.base, round.stops).catch(() => undefined);
  } catch {
    // Told by the state beside the title, once sending was tried.
  }
  view(round ? "round" : "empty");
  await drawRound();
  await sendNow();
  const others = (await keptChecks()).filter((one) => one.state === "waiting" && day && one.person !== day.person);
  if (others[0]) tell(said("of_person", { n: others.length, person: others[0].person }));
}

const position = new Position(() => {
  check.tellFix();
  if (!part("view-round").hidden) void drawRound();
});
const check = new CheckView(position, keepMade);

watchThemeSwitch();
part("back").addEventListener("click", () => history.back());
window.addEventListener("popstate", home);
part("state").addEventListener("click", () => {
  if (state === "signed-out") location.assign(document.body.dataset.signIn ?? "/");
  else if (part("view-sent").hidden) go("sent", said("queue"));
});
part("send").addEventListener("click", () => void sendNow());
part("to-scan").addEventListener("click", () => void openScan());
part("to-new").addEventListener("click", () => {
  if (!round) return;
  go("check", said("new_camera"));
  check.open(round, null, { base: day?.base ?? "", typed: "" });
});
part("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  openCode(part<HTMLInputElement>("typed-code").value);
});
part("as-list").addEventListener("click", () => void showMap(false));
part("as-map").addEventListener("click", () => void showMap(true));
part("rounds").addEventListener("change", (event) => {
  const wanted = Number((event.target as HTMLSelectElement).value);
  round = day?.rounds.find((one) => one.id === wanted) ?? round;
  void showMap(false).then(drawRound);
});
part("leave").addEventListener("submit", (event) => {
  event.preventDefault();
  void leave(event.target as HTMLFormElement);
});
for (const name of ["online", "focus"]) window.addEventListener(name, () => void sendNow());
setInterval(() => {
  if (["waiting", "offline"].includes(part("state").dataset.state ?? "") && navigator.onLine) void sendNow();
}, AGAIN_MS);

position.start();
void navigator.storage?.persist?.();
if ("serviceWorker" in navigator) {
  void navigator.serviceWorker.register(document.body.dataset.worker ?? "", { scope: "/field/" }).then(keepPage, () => undefined);
}
void begin();
