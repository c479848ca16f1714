// Search everywhere: Ctrl+K or "/" opens a palette; what it finds is chosen by arrows and Enter, or by a click.
import "./search.css";
const WAIT_MS = 120;
const RECENT = "oblik-recent:";
const RECENT_MOST = 6;

interface Recent {
  title: string;
  address: string;
}

export function watchSearch(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  if (!dialog) {
    // Nobody has signed in: what the last person looked for stays with nobody.
    for (const key of Object.keys(localStorage)) if (key.startsWith(RECENT)) localStorage.removeItem(key);
    return;
  }
  const palette = new Palette(dialog);
  document.addEventListener("keydown", (event) => {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK";
    if (asked || (event.key === "/" && !event.ctrlKey && !event.metaKey && !isWriting(event.target))) {
      event.preventDefault();
      palette.open();
    }
  });
  for (const opener of document.querySelectorAll("[data-palette]")) {
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      palette.open();
    });
  }
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog[open]") !== null;
}

class Palette {
  private readonly text: HTMLInputElement;
  private readonly found: HTMLElement;
  private readonly said: HTMLElement;
  private options: HTMLAnchorElement[] = [];
  private active = -1;
  private asking: AbortController | null = null;
  private waiting = 0;
  private shownFor: string | null = null;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.text = dialog.querySelector("input") as HTMLInputElement;
    this.found = dialog.querySelector("[data-results]") as HTMLElement;
    this.said = dialog.querySelector("[role=status]") as HTMLElement;
    this.text.addEventListener("input", () => {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => void this.ask(), WAIT_MS);
    });
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.found.addEventListener("click", (event) => {
      const hit = (event.target as Element).closest<HTMLAnchorElement>("a.search-hit");
      if (hit) this.remember(hit);
    });
    // A click beside the palette closes it: the dialog itself is hit only outside of what it holds.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
    this.text.focus();
    this.text.select();
    void this.ask();
  }

  private async ask(): Promise<void> {
    const text = this.text.value.trim();
    if (text === this.shownFor) return;
    this.asking?.abort();
    this.asking = new AbortController();
    const address = new URL(this.dialog.dataset.address ?? "", window.location.href);
    address.searchParams.set("part", "1");
    if (text) address.searchParams.set("text", text);
    try {
      const answer = await fetch(address, { signal: this.asking.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.redirected) return window.location.reload(); // The session has ended: the page asks to sign in.
      const trouble = answer.ok ? "" : (this.dialog.dataset.trouble ?? "");
      this.show(answer.ok ? await answer.text() : "", text, trouble);
    } catch (wrong) {
      if (!(wrong instanceof DOMException && wrong.name === "AbortError")) this.show("", null, this.dialog.dataset.trouble ?? "");
    }
  }

  private show(html: string, text: string | null, trouble: string): void {
    this.shownFor = text;
    this.found.innerHTML = html;
    if (trouble) {
      const line = document.createElement("p");
      line.className = "search-none";
      line.textContent = trouble;
      this.found.append(line);
    }
    const told = this.found.querySelector("[data-found]");
    told?.remove();
    if (text === "") this.showRecent();
    this.options = [...this.found.querySelectorAll<HTMLAnchorElement>("a.search-hit")];
    for (const option of this.options) {
      option.setAttribute("role", "option");
      option.tabIndex = -1;
    }
    this.found.setAttribute("role", this.options.length ? "listbox" : "none");
    this.choose(this.options.length ? 0 : -1);
    this.found.scrollTop = 0;
    this.said.textContent = trouble || told?.textContent || "";
  }

  private showRecent(): void {
    const recent = this.recent();
    if (!recent.length) return;
    const group = document.createElement("div");
    group.className = "search-group";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.dialog.dataset.recent ?? "");
    const name = document.createElement("div");
    name.className = "search-group-name";
    name.textContent = this.dialog.dataset.recent ?? "";
    group.append(name);
    recent.forEach((one, at) => {
      const hit = document.createElement("a");
      hit.className = "search-hit";
      hit.id = `hit-recent-${at}`;
      hit.href = one.address;
      hit.textContent = one.title;
      group.append(hit);
    });
    this.found.prepend(group);
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.choose(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp") this.choose(this.active <= 0 ? last : this.active - 1);
    else if (event.key === "Enter" && !event.isComposing) void this.enter();
    else return;
    event.preventDefault();
  }

  private async enter(): Promise<void> {
    // Whoever types fast means what they typed, not what was found for the first half of it.
    window.clearTimeout(this.waiting);
    await this.ask();
    this.options[this.active]?.click();
  }

  private choose(at: number): void {
    this.active = at;
    this.options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const chosen = this.options[at];
    if (chosen) {
      this.text.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.text.removeAttribute("aria-activedescendant");
  }

  private get key(): string {
    return RECENT + (this.dialog.dataset.person ?? "");
  }

  private recent(): Recent[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Recent[];
    } catch {
      return [];
    }
  }

  private remember(hit: HTMLAnchorElement): void {
    const title = (hit.querySelector(".search-hit-title") ?? hit).textContent?.trim() ?? "";
    const address = new URL(hit.href);
    const one = { title, address: address.pathname + address.search + address.hash };
    const kept = [one, ...this.recent().filter((other) => other.address !== one.address)].slice(0, RECENT_MOST);
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing just shows no recent ones.
    }
    this.dialog.close(); // An address on this very page changes its end alone.
    if (address.pathname === window.location.pathname && address.hash && address.search === window.location.search) window.location.hash = address.hash;
  }
}
