// The city's streets under the plan of a question: one map that moves along with the questions, drawn only where the city
// has been loaded and the browser can. The plan itself, its places, bearings and scale, lies above and needs no map.
import { Map as MapView, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { baseLayers } from "./base-style";
import { groundOf } from "./map-style";

const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;
const PLAN_PX = 320; // the width for which the server worked out the scale

function styleOf(root: HTMLElement): StyleSpecification {
  const dark = document.documentElement.dataset.bsTheme === "dark";
  const { base, ground } = root.dataset;
  return {
    version: 8,
    sources: {
      ...(base ? { base: { type: "vector", url: `pmtiles://${new URL(base, window.location.href).href}` } } : {}),
      ...(ground && !base ? { ground: { type: "vector", tiles: [window.location.origin + ground], minzoom: 11, maxzoom: 16 } } : {}),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": dark ? "#1c1d1f" : "#f1f2f4" } },
      ...(base ? baseLayers(dark, document.documentElement.lang) : groundOf(dark)),
    ],
  };
}

export class Ground {
  private readonly box = document.createElement("div");
  private readonly map: MapView;

  constructor(private readonly root: HTMLElement) {
    setWorkerUrl(new URL(workerUrl, import.meta.url).href);
    if (root.dataset.base) addProtocol("pmtiles", new Protocol().tile);
    this.box.className = "plan-ground";
    this.box.setAttribute("aria-hidden", "true");
    this.lay();
    this.map = new MapView({ container: this.box, style: styleOf(root), interactive: false, attributionControl: false, maxZoom: 22, fadeDuration: 0 });
    this.map.once("idle", () => (this.box.dataset.drawn = "yes"));
    document.addEventListener("oblik:theme", () => this.map.setStyle(styleOf(root), { diff: true }));
    this.move();
  }

  show(): void {
    if (this.lay()) this.move();
  }

  private plan(): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(".review-plan .plan");
  }

  private lay(): boolean {
    const plan = this.plan();
    plan?.prepend(this.box);
    plan?.classList.add("on-ground");
    return plan !== null;
  }

  private move(): void {
    const plan = this.plan();
    if (!plan) return;
    const [lon, lat, scale] = [Number(plan.dataset.lon), Number(plan.dataset.lat), Number(plan.dataset.pxPerM)];
    const pxPerM = (scale * plan.clientWidth) / PLAN_PX;
    this.map.resize();
    this.map.jumpTo({ center: [lon, lat], zoom: Math.log2((EQUATOR_M * Math.cos((lat * Math.PI) / 180) * pxPerM) / TILE_PX) });
  }
}

export function drawsMaps(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
