// An area drawn on the map: corners by clicks, the address says it to the server; for keyboards the visible area listed.
import type { GeoJSONSource, Map as MapView, MapMouseEvent } from "maplibre-gl";

export type Corner = [number, number];
const NEAR_PX = 14;
const DIGITS = 5; // about a metre

export function readArea(text: string | undefined): Corner[] {
  const corners = (text ?? "").split("~").map((pair) => pair.split("_").map(Number) as Corner);
  return corners.length >= 3 && corners.every((corner) => corner.length === 2 && corner.every(Number.isFinite)) ? corners : [];
}

export function writeArea(corners: Corner[]): string {
  return corners.map((corner) => corner.map((degrees) => degrees.toFixed(DIGITS)).join("_")).join("~");
}

export function areaData(corners: Corner[], open: boolean): GeoJSON.FeatureCollection {
  const first = corners[0];
  const features: GeoJSON.Feature[] = [];
  const add = (geometry: GeoJSON.Geometry): number => features.push({ type: "Feature", properties: {}, geometry });
  if (open) for (const corner of corners) add({ type: "Point", coordinates: corner });
  if (open && corners.length > 1) add({ type: "LineString", coordinates: corners });
  if (first && corners.length > 2) add({ type: "Polygon", coordinates: [[...corners, first]] });
  return { type: "FeatureCollection", features };
}

export class AreaTool {
  corners: Corner[];
  drawing = false;

  constructor(private readonly map: MapView, private readonly box: HTMLElement, private readonly list: (address: string) => void) {
    this.corners = readArea(box.dataset.area);
    this.button("draw", () => this.start());
    this.button("finish", () => this.finish());
    this.button("back", () => this.back());
    this.button("cancel", () => this.stop());
    this.button("visible", () => this.listVisible());
    document.addEventListener("keydown", (event) => this.onKey(event));
    map.on("mousemove", (event) => this.onMove(event));
  }

  onClick(event: MapMouseEvent): boolean {
    if (!this.drawing) return false;
    const first = this.corners[0];
    const closes = first && this.corners.length > 2 && this.map.project(first).dist(event.point) < NEAR_PX;
    if (closes) this.finish();
    else this.set([...this.corners, [event.lngLat.lng, event.lngLat.lat]]);
    return true;
  }

  private button(name: string, does: () => void): void {
    document.querySelector(`[data-area-tool=${name}]`)?.addEventListener("click", does);
  }

  private start(): void {
    this.drawing = true;
    this.map.doubleClickZoom.disable();
    this.box.classList.add("drawing");
    document.getElementById("map-drawing")?.removeAttribute("hidden");
    this.set([]);
    this.map.getCanvas().focus();
  }

  private stop(): void {
    this.drawing = false;
    this.map.doubleClickZoom.enable();
    this.box.classList.remove("drawing");
    document.getElementById("map-drawing")?.setAttribute("hidden", "");
    this.set(readArea(this.box.dataset.area));
  }

  private back(): void {
    this.set(this.corners.slice(0, -1));
  }

  private finish(): void {
    if (this.corners.length < 3) return;
    this.goTo(writeArea(this.corners));
  }

  // The area is a filter like the others: the address says it, so that a link and the table show the same.
  private goTo(area: string): void {
    const address = new URL(window.location.href);
    address.searchParams.set("area", area);
    window.location.assign(address);
  }

  private listVisible(): void {
    const bounds = this.map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const address = new URL(this.box.dataset.list ?? "", window.location.href);
    for (const [name, value] of new URLSearchParams(window.location.search)) address.searchParams.set(name, value);
    const clip = (degrees: number, most: number): number => Math.max(-most, Math.min(most, degrees));
    const corners: Corner[] = [[west, south], [east, south], [east, north], [west, north]];
    address.searchParams.set("area", writeArea(corners.map(([lon, lat]) => [clip(lon, 180), clip(lat, 90)])));
    this.list(address.pathname + address.search);
  }

  private set(corners: Corner[]): void {
    this.corners = corners;
    (this.map.getSource("area") as GeoJSONSource | undefined)?.setData(areaData(corners, this.drawing));
    for (const [name, fewest] of [["finish", 3], ["back", 1]] as const) {
      const button = document.querySelector<HTMLButtonElement>(`[data-area-tool=${name}]`);
      if (button) button.disabled = corners.length < fewest;
    }
  }

  private onMove(event: MapMouseEvent): void {
    if (!this.drawing || !this.corners.length) return;
    const towards: Corner[] = [...this.corners, [event.lngLat.lng, event.lngLat.lat]];
    (this.map.getSource("area") as GeoJSONSource | undefined)?.setData(areaData(towards, true));
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.drawing || (event.target instanceof HTMLElement && event.target.matches("input, select, textarea, button, a"))) return;
    if (event.key === "Enter") this.finish();
    else if (event.key === "Escape") this.stop();
    else if (event.key === "Backspace") this.back();
    else return;
    event.preventDefault();
  }
}
