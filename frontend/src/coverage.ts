// The map of what cameras see: one layer at a time under the cameras; a click asks who sees the place.
import "./coverage.css";
import { AttributionControl, Map as MapView, NavigationControl, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { addImages, mapStyle } from "./map-style";

const LAYERS = ["coverage", "overlap", "blind"] as const;
type Layer = (typeof LAYERS)[number];

function chosenLayer(): Layer {
  const value = document.querySelector<HTMLInputElement>('input[name="layer"]:checked')?.value;
  return LAYERS.find((one) => one === value) ?? "coverage";
}

function camerasWanted(): boolean {
  return document.querySelector<HTMLInputElement>("#layer-cameras")?.checked ?? false;
}

function steps(colours: string[], first: number): ExpressionSpecification {
  const pairs = colours.slice(0, -1).flatMap((colour, at) => [first + at, colour]);
  return ["match", ["get", "value"], ...pairs, colours[colours.length - 1] ?? "#000"] as unknown as ExpressionSpecification;
}

function fills(box: HTMLElement, layer: Layer): LayerSpecification[] {
  const [may, sure, times] = JSON.parse(box.dataset.colours ?? "[[],[],[]]") as [string[], string[], string[]];
  const source = { type: "fill" as const, source: "coverage" };
  const opacity = { "fill-opacity": 0.72, "fill-antialias": false };
  if (layer === "overlap") {
    return [{ id: "overlap", ...source, "source-layer": "overlap", paint: { "fill-color": steps(times, 2), ...opacity } }];
  }
  const seen: LayerSpecification = {
    id: "coverage", ...source, "source-layer": "coverage",
    paint: layer === "blind"
      ? { "fill-color": "#9aa3ad", "fill-opacity": 0.35, "fill-antialias": false }
      : { "fill-color": ["case", ["get", "sure"], steps(sure, 1), steps(may, 1)], ...opacity },
  };
  if (layer === "coverage") return [seen];
  return [
    seen,
    {
      id: "blind", type: "circle", source: "coverage", "source-layer": "blind",
      paint: {
        "circle-color": "#c2410c", "circle-opacity": 0.8, "circle-stroke-color": "#ffffff", "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 11, 0.4, 15, 1.2],
        "circle-radius": [
          "interpolate", ["linear"], ["zoom"],
          11, ["interpolate", ["linear"], ["sqrt", ["get", "loss"]], 0, 1.5, 6, 6],
          16, ["interpolate", ["linear"], ["sqrt", ["get", "loss"]], 0, 4, 6, 16],
        ],
      },
    },
  ];
}

function style(box: HTMLElement): StyleSpecification {
  const own = mapStyle(box, [], false);
  const over = (layer: LayerSpecification): boolean => "source" in layer && ["cameras", "area"].includes(String(layer.source));
  const kept = own.layers.filter((layer) => !over(layer));
  const cameras = camerasWanted() ? own.layers.filter(over) : [];
  // Names of streets stay readable above the colours.
  const names = kept.filter((layer) => layer.type === "symbol");
  const ground = kept.filter((layer) => layer.type !== "symbol");
  const tiles = [new URL(box.dataset.coverage ?? "", window.location.href).href.replace(/%7B/gi, "{").replace(/%7D/gi, "}")];
  return {
    ...own,
    sources: { ...own.sources, coverage: { type: "vector", tiles, minzoom: 9, maxzoom: 15 } },
    layers: [...ground, ...fills(box, chosenLayer()), ...names, ...cameras],
  };
}

function openPanel(address: string): void {
  const panel = document.getElementById("map-panel");
  if (!panel) return;
  panel.hidden = false;
  void window.htmx.ajax("GET", address, { target: "#map-panel-body", swap: "innerHTML" });
}

function watchPanel(): void {
  const close = (): void => {
    const panel = document.getElementById("map-panel");
    if (panel) panel.hidden = true;
  };
  document.getElementById("map-panel-close")?.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

function showLegend(): void {
  for (const legend of document.querySelectorAll<HTMLElement>("[data-legend]")) {
    legend.hidden = legend.dataset.legend !== chosenLayer();
  }
}

function startMap(box: HTMLElement): void {
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  if (box.dataset.base) addProtocol("pmtiles", new Protocol().tile);
  const parts = (box.dataset.bounds ?? "").split(",").map(Number);
  const bounds = parts.length === 4 && parts.every(Number.isFinite) ? (parts as [number, number, number, number]) : null;
  const map = new MapView({
    container: box,
    style: style(box),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 32, maxZoom: 16 } } : { center: [31.2, 48.6] as [number, number], zoom: 5 }),
    hash: "at",
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: false,
    locale: JSON.parse(box.dataset.words ?? "{}") as Record<string, string>,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (box.dataset.credit) map.addControl(new AttributionControl({ compact: false }), "bottom-left");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.setMissingStyleImageResolver(() => addImages(map));
  const restyle = (): void => {
    map.setStyle(style(box), { diff: true });
    showLegend();
  };
  document.addEventListener("oblik:theme", restyle);
  for (const choice of document.querySelectorAll('input[name="layer"], #layer-cameras')) choice.addEventListener("change", restyle);
  map.on("click", (event) => {
    const { lng, lat } = event.lngLat;
    openPanel(`${box.dataset.place ?? ""}?lon=${lng.toFixed(6)}&lat=${lat.toFixed(6)}`);
  });
  map.on("idle", () => {
    // Tells tests what is drawn.
    const drawn = LAYERS.filter((id) => map.getLayer(id));
    box.dataset.drawn = String(map.queryRenderedFeatures({ layers: [...drawn] }).length);
  });
}

const asked = new URLSearchParams(window.location.search).get("layer");
const choice = document.querySelector<HTMLInputElement>(`#layer-${LAYERS.find((one) => one === asked) ?? "coverage"}`);
if (choice) choice.checked = true;
showLegend();
watchPanel();
const box = document.getElementById("map");
if (box) {
  try {
    startMap(box);
  } catch {
    document.getElementById("map-unsupported")?.removeAttribute("hidden");
  }
}
