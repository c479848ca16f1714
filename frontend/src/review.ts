// Review of doubtful pairs: a key answers, the next question is there at once, answers go to the server in their order.

interface Piece {
  record: number;
  html: string;
}

interface Progress {
  left: number;
  today: number;
  mine: number;
}

interface Told {
  ahead?: Piece[];
  more?: boolean; // the server has further ones
  again?: Piece | null;
  progress?: Progress;
  wrong?: string;
}

const AHEAD = 2; // questions made ready behind the one on the screen; the server gives one at once

type Said = "same" | "different" | "new" | "unsure";

const KEYS: Record<string, Said | "skip" | "undo" | "help" | "why"> = {
  s: "same", d: "different", u: "unsure", n: "skip", z: "undo", w: "why", "?": "help", " ": "skip", "0": "new",
};
// The same keys under a Ukrainian or Russian layout: what counts is where they lie.
const CODES: Record<string, string> = { KeyS: "s", KeyD: "d", KeyU: "u", KeyN: "n", KeyZ: "z", KeyW: "w", Space: " " };

export function startReview(root: HTMLElement): void {
  new Review(root).start();
}

class Review {
  private readonly place: HTMLElement;
  private ready: Piece[] = [];
  private skipped: number[] = [];
  private answered: number[] = [];
  private readonly leaving = new Set<number>(); // answered here, not yet kept there: not to be asked again
  private line: Promise<void> = Promise.resolve();
  private waiting = false; // the screen is empty until the next question comes
  private exhausted = false;
  private decided = 0;
  private startedAt = 0;

  constructor(private readonly root: HTMLElement) {
    this.place = root.querySelector<HTMLElement>("#review-question") ?? root;
  }

  start(): void {
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("submit", (event) => this.onSubmit(event));
    this.root.addEventListener("click", (event) => this.onClick(event));
    this.root.addEventListener("change", () => this.showChosen());
    document.querySelector("[data-review-help]")?.addEventListener("click", () => this.help());
    this.prepare();
    this.enqueue(() => this.fetchMore());
    void this.layGround();
  }

  // The map is large: it comes when the first question stands, and only where the city has something to draw.
  private async layGround(): Promise<void> {
    if (!this.root.dataset.base && !this.root.dataset.ground) return;
    const { Ground, drawsMaps } = await import("./review-ground");
    if (!drawsMaps()) return;
    const ground = new Ground(this.root);
    this.root.addEventListener("review:shown", () => ground.show());
  }

  // ------------------------------------------------------------------ what the reviewer does

  private onKey(event: KeyboardEvent): void {
    const at = event.target instanceof HTMLElement ? event.target : null;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = at?.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") ?? false;
    if (typing) {
      if (event.key === "Escape") at?.blur();
      return;
    }
    const key = CODES[event.code] ?? event.key;
    // Space presses the button, box or summary that has the focus; only elsewhere does it leave a question.
    if (key === " " && at?.matches("button, a, summary, input")) return;
    if (event.repeat) return;
    if (this.act(key)) event.preventDefault();
  }

  private act(key: string): boolean {
    if (/^[1-9]$/.test(key)) return this.number(Number(key));
    const wanted = KEYS[key];
    if (!wanted) return false;
    if (wanted === "help") this.help();
    else if (wanted === "undo") this.undo();
    else if (wanted === "skip") this.skip();
    else if (wanted === "why") this.form()?.querySelector<HTMLInputElement>("input[name=why]")?.focus();
    else this.answer(wanted);
    return true;
  }

  // 1 and 2 say same and different of a single camera; where several are proposed, numbers choose.
  private number(number: number): boolean {
    const form = this.form();
    if (!form) return false;
    if (!form.dataset.several) {
      if (number > 2) return false;
      this.answer(number === 1 ? "same" : "different");
      return true;
    }
    const choice = form.querySelector<HTMLInputElement>(`input[data-number="${number}"]`);
    if (!choice) return false;
    choice.checked = true;
    this.showChosen();
    this.say(`${this.root.dataset.saidChosen ?? ""} ${number}`);
    return true;
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const button = event.submitter;
    const said = button instanceof HTMLButtonElement ? button.value : "";
    if (said === "same" || said === "different" || said === "new" || said === "unsure") this.answer(said);
  }

  private onClick(event: MouseEvent): void {
    const at = event.target instanceof Element ? event.target : null;
    if (at?.closest("[data-skip]")) this.skip();
    else if (at?.closest("[data-undo]")) this.undo();
  }

  private answer(said: Said): void {
    const form = this.form();
    const offered = form?.querySelector(`button[name=said][value=${said}]`);
    if (!form || (!offered && !(said === "new" && form.dataset.several === ""))) return;
    const body = new FormData(form);
    body.set("said", said);
    const record = Number(form.dataset.record);
    this.decided += 1;
    this.answered.push(record);
    this.leaving.add(record);
    this.say(this.root.dataset[`said${said[0]?.toUpperCase()}${said.slice(1)}`] ?? "");
    this.showNext();
    this.enqueue(() => this.send(body, record));
  }

  private skip(): void {
    const record = this.record();
    if (!record) return;
    this.skipped.push(record);
    this.say(this.root.dataset.saidSkip ?? "");
    this.showNext();
    this.enqueue(() => this.fetchMore());
  }

  private undo(): void {
    // What is still on its way must arrive before it can be taken back.
    this.enqueue(async () => {
      const record = this.answered.pop();
      if (record === undefined) {
        this.say(this.root.dataset.saidNothing ?? "");
        return;
      }
      const body = new FormData();
      body.set("record", String(record));
      this.describe(body);
      const told = await this.post(this.root.dataset.undo ?? "", body);
      if (!told) return;
      this.decided = Math.max(0, this.decided - 1);
      this.tell(told);
      if (!told.again) return;
      const current = this.current();
      if (current) this.ready.unshift(current);
      this.show(told.again);
      this.say(this.root.dataset.saidUndo ?? "");
    });
  }

  private help(): void {
    document.querySelector<HTMLDialogElement>("#review-help")?.showModal();
  }

  // ------------------------------------------------------------------ what is on the screen

  private form(): HTMLFormElement | null {
    return this.place.querySelector<HTMLFormElement>("form.review-question");
  }

  private record(): number {
    return Number(this.form()?.dataset.record ?? 0);
  }

  private current(): Piece | null {
    const record = this.record();
    return record ? { record, html: this.place.innerHTML } : null;
  }

  private showNext(): void {
    const next = this.ready.shift();
    if (next) this.show(next);
    else this.showNothing();
  }

  private show(piece: Piece): void {
    this.waiting = false;
    this.place.innerHTML = piece.html;
    this.hide("#review-empty", true);
    this.hide("#review-loading", true);
    this.prepare();
    this.place.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    this.root.dataset.record = String(piece.record);
    this.root.dispatchEvent(new CustomEvent("review:shown", { bubbles: true }));
  }

  private showNothing(): void {
    this.place.replaceChildren();
    this.root.dataset.record = "0";
    this.waiting = true;
    this.hide("#review-loading", this.exhausted);
    this.hide("#review-empty", !this.exhausted);
  }

  private prepare(): void {
    for (const button of this.place.querySelectorAll<HTMLElement>("[data-skip], [data-undo]")) button.hidden = false;
    this.showChosen();
  }

  // The chosen camera's column stands out, and its reasons are the ones that are open.
  private showChosen(): void {
    const form = this.form();
    if (!form?.dataset.several) return;
    const chosen = form.querySelector<HTMLInputElement>("input[name=camera]:checked")?.dataset.number ?? "1";
    const table = form.querySelector<HTMLElement>("table.contrast");
    if (table) table.dataset.chosen = chosen;
    for (const reasons of form.querySelectorAll<HTMLDetailsElement>("details[data-reasons]")) reasons.open = reasons.dataset.reasons === chosen;
  }

  private hide(selector: string, hidden: boolean): void {
    const box = this.root.querySelector<HTMLElement>(selector);
    if (box) box.hidden = hidden;
  }

  private say(words: string): void {
    const box = document.getElementById("review-said");
    if (box) box.textContent = words;
  }

  private complain(words: string): void {
    const box = document.getElementById("review-wrong");
    if (!box) return;
    box.textContent = words;
    box.hidden = false;
  }

  private tell(told: Told): void {
    const box = document.getElementById("review-progress");
    if (!box || !told.progress) return;
    for (const [name, value] of Object.entries(told.progress)) {
      const place = box.querySelector<HTMLElement>(`[data-${name}]`);
      if (place) place.textContent = String(value);
    }
    if (!this.startedAt) this.startedAt = performance.now();
    const minutes = (performance.now() - this.startedAt) / 60_000;
    const pace = box.querySelector<HTMLElement>("[data-pace]");
    const line = box.querySelector<HTMLElement>("[data-pace-line]");
    if (pace && line && this.decided >= 5 && minutes > 0.2) {
      pace.textContent = String(Math.round(this.decided / minutes));
      line.hidden = false;
    }
  }

  // ------------------------------------------------------------------ what goes to the server

  // One after the other: an answer is kept before the next one leaves, and what is taken back was kept before.
  private enqueue(step: () => Promise<void>): void {
    this.line = this.line.then(step, step);
  }

  private async send(body: FormData, record: number): Promise<void> {
    this.describe(body);
    const told = await this.post(this.root.dataset.answer ?? "", body);
    this.leaving.delete(record);
    if (!told) return;
    if (told.wrong) {
      this.answered = this.answered.filter((one) => one !== record);
      this.decided = Math.max(0, this.decided - 1);
      this.complain(told.wrong);
    }
    if (told.again) this.ready.unshift(told.again);
    this.take(told);
  }

  private async fetchMore(): Promise<void> {
    const asked = new FormData();
    this.describe(asked);
    const query = new URLSearchParams(asked as unknown as Record<string, string>);
    const told = await this.asked(fetch(`${this.root.dataset.next}?${query}`, { headers: { "X-Requested-With": "review" } }));
    if (told) this.take(told);
  }

  private take(told: Told): void {
    const known = new Set([this.record(), ...this.ready.map((one) => one.record), ...this.skipped, ...this.leaving]);
    const fresh = (told.ahead ?? []).filter((one) => !known.has(one.record));
    this.ready.push(...fresh);
    this.exhausted = fresh.length === 0;
    this.tell(told);
    if (told.more && fresh.length > 0) this.enqueue(async () => (this.ready.length < AHEAD ? this.fetchMore() : undefined));
    if (!this.waiting) return;
    if (this.ready.length > 0) this.showNext();
    else this.showNothing();
  }

  private describe(body: FormData): void {
    for (const [name, value] of new URLSearchParams(this.root.dataset.filters ?? "")) body.set(name, value);
    body.set("have", [this.record(), ...this.ready.map((one) => one.record)].filter((one) => one > 0).join(","));
    body.set("sent", [...this.leaving].join(","));
    body.set("skip", this.skipped.slice(-200).join(","));
  }

  private async post(address: string, body: FormData): Promise<Told | null> {
    return this.asked(fetch(address, { method: "POST", body, headers: { "X-Requested-With": "review", "X-CSRFToken": this.token() } }));
  }

  private async asked(sent: Promise<Response>): Promise<Told | null> {
    try {
      const answer = await sent;
      const kind = answer.headers.get("Content-Type") ?? "";
      if (kind.startsWith("application/json")) return (await answer.json()) as Told;
    } catch {
      // The network: the sentence below says what to do.
    }
    this.complain(this.root.dataset.saidLost ?? "");
    return null;
  }

  private token(): string {
    return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }
}
