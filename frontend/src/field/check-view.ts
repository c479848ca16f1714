// The form of one check: the answer first, and only what that answer needs.
import { compass } from "./compass";
import { dial } from "./dial";
import type { AimMap } from "./maps";
import { smaller } from "./photos";
import { type Position, apart } from "./position";
import type { Check, Fix, Round, Stop } from "./store";
import { choices, fields, metres, said, side } from "./words";

const part = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;
const MOST_PHOTOS = Number(document.body.dataset.mostPhotos);
const WORST_M = Number(document.body.dataset.worst);
const ON_MAP_M = 5; // what a thumb sets on a map of streets

export interface Made {
  check: Check;
  photos: ArrayBuffer[];
}

export class CheckView {
  private round: Round | null = null;
  private stop: Stop | null = null;
  private isNew = false;
  private base = "";
  private place: { fix: Fix; from: "gps" | "map" } | null = null;
  private bearing: { deg: number; from: string } | null = null;
  private photos: ArrayBuffer[] = [];
  private aim: AimMap | null = null;
  private readonly turnHand: (deg: number | null) => void;
  private readonly form = part<HTMLFormElement>("check");

  constructor(private readonly position: Position, private readonly keep: (made: Made) => Promise<void>) {
    this.turnHand = dial(part("hand"), part("aim"), (deg) => this.setBearing(deg, "map"));
    for (const input of this.form.querySelectorAll<HTMLInputElement>("input[name=answer]")) input.addEventListener("change", () => this.showParts());
    part("place-here").addEventListener("click", () => this.placeHere());
    part("place-map").addEventListener("click", () => void this.openAim());
    part("compass").addEventListener("click", () => void this.readCompass());
    part<HTMLInputElement>("bearing").addEventListener("input", (event) => this.typedBearing((event.target as HTMLInputElement).value));
    part<HTMLInputElement>("photo").addEventListener("change", (event) => void this.addPhotos(event.target as HTMLInputElement));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
  }

  // stop null: a camera that is not in the round. typed: its code, "" for one that the register may not have.
  open(round: Round, stop: Stop | null, asked: { base: string; typed: string }): void {
    this.close();
    Object.assign(this, { round, stop, isNew: !stop && !asked.typed, base: asked.base });
    this.form.reset();
    part("listed-code").textContent = stop?.code ?? asked.typed;
    part("listed-name").textContent = this.isNew ? said("new_camera") : String(stop?.values.name ?? "");
    part("listed-address").textContent = stop ? [stop.values.address, stop.values.site, stop.owner].filter(Boolean).join(" · ") : asked.typed ? said("scan_other", { code: asked.typed }) : "";
    part("listed-facts").replaceChildren(...this.facts().map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    part("answers").hidden = part("values-hint").hidden = this.isNew;
    part("values-title").textContent = said(this.isNew ? "seen" : "differs");
    for (const none of this.form.querySelectorAll<HTMLOptionElement>("option[value='']")) none.textContent = said(this.isNew ? "not_known" : "as_listed");
    for (const one of ["place-said", "bearing-said"]) part(one).textContent = "";
    part("wrong").hidden = true;
    this.turnHand(null);
    this.drawPhotos();
    this.showParts();
    this.tellFix();
    if (this.isNew) this.placeHere();
  }

  close(): void {
    this.aim?.remove();
    this.aim = null;
    part("aim").hidden = part("aim-hint").hidden = true;
    this.place = this.bearing = null;
    this.photos = [];
  }

  private facts(): string[] {
    const told = this.stop?.values ?? {};
    const chosen = ["kind", "mount", "state"].flatMap((name) => (told[name] ? [choices[name]?.[String(told[name])] ?? String(told[name])] : []));
    const looks = typeof told.bearing_deg === "number" ? [said("looks", { side: side(told.bearing_deg), deg: Math.round(told.bearing_deg) })] : [];
    const device = [told.vendor, told.model].filter(Boolean).join(" ");
    const height = told.height_m ? [`${fields.height_m ?? ""} ${told.height_m} ${said("m")}`.trim()] : [];
    return [...chosen, ...looks, ...(device ? [device] : []), ...height];
  }

  private get answer(): string {
    return this.isNew ? "new" : String(new FormData(this.form).get("answer") ?? "");
  }

  private showParts(): void {
    const answer = this.answer;
    part("part-values").hidden = answer !== "different" && answer !== "new";
    part("part-place").hidden = !["different", "new", "found"].includes(answer);
    part("part-words").hidden = answer === "";
    part("wrong").hidden = true;
  }

  tellFix(): void {
    const best = this.position.best();
    const shown = part("fix");
    shown.dataset.good = best && best.accuracy_m <= WORST_M ? "1" : "";
    if (this.position.trouble === "denied") shown.textContent = said("denied");
    else if (!best) shown.textContent = said("searching");
    else if (best.accuracy_m > WORST_M) shown.textContent = said("rough", { m: Math.round(best.accuracy_m) });
    else {
      const { lon_deg: lon, lat_deg: lat } = this.stop ?? { lon_deg: null, lat_deg: null };
      const gap = lon !== null && lat !== null ? apart(best, lon, lat) : null;
      const away = gap ? ` · ${gap.m < 12 ? said("here") : `${metres(gap.m)} · ${side(gap.deg)}`}` : "";
      shown.textContent = said("accuracy", { m: Math.round(best.accuracy_m) }) + away;
    }
  }

  private placeHere(): void {
    const best = this.position.best();
    if (!best || best.accuracy_m > WORST_M) {
      part("place-said").textContent = best ? said("rough", { m: Math.round(best.accuracy_m) }) : said("searching");
      return;
    }
    this.setPlace(best, "gps");
  }

  private setPlace(fix: Fix, from: "gps" | "map"): void {
    this.place = { fix, from };
    part("place-said").textContent = `${fix.lat_deg.toFixed(6)}, ${fix.lon_deg.toFixed(6)} ± ${Math.round(fix.accuracy_m)} ${said("m")}`;
  }

  private async openAim(): Promise<void> {
    if (this.aim) return;
    const best = this.position.best();
    const at: [number, number] | null = this.place
      ? [this.place.fix.lon_deg, this.place.fix.lat_deg]
      : this.stop?.lon_deg != null && this.stop.lat_deg != null
        ? [this.stop.lon_deg, this.stop.lat_deg]
        : best ? [best.lon_deg, best.lat_deg] : this.firstStop();
    if (!at) return;
    const { aimMap } = await import("./maps");
    part("aim").hidden = part("aim-hint").hidden = false;
    const listed = typeof this.stop?.values.bearing_deg === "number" ? this.stop.values.bearing_deg : 0;
    this.turnHand(this.bearing?.deg ?? listed);
    part("hand").dataset.set = this.bearing ? "1" : "";
    const aim = aimMap(part("aim-map"), { at, base: this.base, others: this.stop ? [] : (this.round?.stops ?? []), moved: () => this.setPlace({ ...aim.place(), accuracy_m: ON_MAP_M }, "map") });
    this.aim = aim;
    part("aim").scrollIntoView({ block: "center" });
  }

  private firstStop(): [number, number] | null {
    const stop = this.round?.stops.find((one) => one.lon_deg !== null && one.lat_deg !== null);
    return stop ? [Number(stop.lon_deg), Number(stop.lat_deg)] : null;
  }

  private setBearing(deg: number, from: string, more = ""): void {
    this.bearing = { deg: Math.round(deg) % 360, from };
    part("bearing-said").textContent = [said("looks", { side: side(deg), deg: Math.round(deg) % 360 }), more].filter(Boolean).join(" · ");
    if (from !== "number") part<HTMLInputElement>("bearing").value = String(Math.round(deg) % 360);
    if (from !== "map") this.turnHand(deg);
  }

  private typedBearing(text: string): void {
    const deg = Number(text.replace(",", "."));
    if (text.trim() && Number.isFinite(deg) && deg >= 0 && deg < 360) this.setBearing(deg, "number");
    else {
      this.bearing = null;
      part("bearing-said").textContent = "";
    }
  }

  private async readCompass(): Promise<void> {
    part("bearing-said").textContent = said("compass_hold");
    const found = await compass(this.position.best());
    if (!found) part("bearing-said").textContent = said("compass_none");
    else this.setBearing(found.deg, "compass", Math.abs(found.corrected) >= 1 ? said("magnetic", { deg: Math.round(found.corrected) }) : "");
  }

  private async addPhotos(input: HTMLInputElement): Promise<void> {
    for (const file of [...(input.files ?? [])].slice(0, MOST_PHOTOS - this.photos.length)) {
      try {
        this.photos.push(await smaller(file));
      } catch {
        this.tellWrong(said("photo_wrong"));
      }
    }
    input.value = "";
    this.drawPhotos();
  }

  private drawPhotos(): void {
    const line = part<HTMLTemplateElement>("line-shot").content;
    part("shots").replaceChildren(
      ...this.photos.map((photo) => {
        const shot = line.firstElementChild?.cloneNode(true) as HTMLElement;
        const picture = shot.querySelector("img") as HTMLImageElement;
        picture.src = URL.createObjectURL(new Blob([photo], { type: "image/jpeg" }));
        picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
        shot.querySelector("button")?.addEventListener("click", () => {
          this.photos = this.photos.filter((one) => one !== photo);
          this.drawPhotos();
        });
        return shot;
      }),
    );
    part("photo").toggleAttribute("disabled", this.photos.length >= MOST_PHOTOS);
  }

  private tellWrong(text: string): void {
    part("wrong").textContent = text;
    part("wrong").hidden = false;
  }

  private values(): Record<string, string | number> {
    const said: Record<string, string | number> = {};
    if (part("part-values").hidden) return said;
    for (const input of this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-value]")) {
      const text = input.value.trim();
      if (text) said[input.dataset.value ?? ""] = text;
    }
    return said;
  }

  private async save(): Promise<void> {
    const answer = this.answer;
    if (!answer) return this.tellWrong(said("answer_needed"));
    if (answer === "new" && !this.place) return this.tellWrong(said("place_needed"));
    const best = this.position.best();
    const placed = part("part-place").hidden ? null : this.place;
    const looks = part("part-place").hidden ? null : this.bearing;
    const check: Check = {
      id: crypto.randomUUID(), round: this.round?.id ?? 0, camera: part("listed-code").textContent ?? "",
      version: this.stop?.version ?? 0, answer, said_at: new Date().toISOString(),
      stood: best && best.accuracy_m <= WORST_M ? best : null, place: placed?.fix ?? null, place_from: placed?.from ?? "map",
      bearing_deg: looks?.deg ?? null, bearing_from: looks?.from ?? "", values: this.values(),
      note: part<HTMLTextAreaElement>("words-said").value.trim(),
    };
    await this.keep({ check, photos: this.photos });
  }
}
