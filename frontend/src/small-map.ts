// The small map of a passport: one camera, where it looks as far as that is known, on the city's own streets.
import { AttributionControl, Map as MapView, Marker, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { baseLayers } from "./base-style";
import { groundOf } from "./map-style";

const M_PER_DEG = 111_320;
const STEPS = 24;

function isDark(): boolean {
  return document.documentElement.dataset.bsTheme === "dark";
}

// The sector from the camera, as corners on the ground: small enough for a flat Earth.
function sector(box: HTMLElement): GeoJSON.Feature<GeoJSON.Polygon> | null {
  const [lon, lat, bearing, width, range] = ["lon", "lat", "bearing", "width", "range"].map((name) => Number(box.dataset[name]));
  if (!box.dataset.bearing || lon === undefined || lat === undefined || bearing === undefined || width === undefined || range === undefined) return null;
  const ring: [number, number][] = width < 360 ? [[lon, lat]] : [];
  for (let step = 0; step <= STEPS; step++) {
    const turn = ((bearing - width / 2 + (width * step) / STEPS) * Math.PI) / 180;
    const north = (range * Math.cos(turn)) / M_PER_DEG;
    const east = (range * Math.sin(turn)) / (M_PER_DEG * Math.cos((lat * Math.PI) / 180));
    ring.push([lon + east, lat + north]);
  }
  ring.push(ring[0] ?? [lon, lat]);
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

function styleOf(box: HTMLElement): StyleSpecification {
  const dark = isDark();
  const ground = box.dataset.base ? "" : (box.dataset.ground ?? ""); // the base map has its own houses and names
  const seen = sector(box);
  const colour = dark ? "#4dabf7" : "#066fd1";
  const cone: LayerSpecification[] = seen
    ? [
        { id: "seen", type: "fill", source: "seen", paint: { "fill-color": colour, "fill-opacity": 0.25 } },
        {
          id: "seen-edge", type: "line", source: "seen",
          // Guessed where the width is not known, or the place was worked out: drawn as what it is.
          paint: { "line-color": colour, "line-width": 1.5, ...("guessed" in box.dataset ? { "line-dasharray": [2, 2] } : {}) },
        },
      ]
    : [];
  return {
    version: 8,
    sources: {
      ...(box.dataset.base ? { base: { type: "vector", url: `pmtiles://${new URL(box.dataset.base, window.location.href).href}` } } : {}),
      ...(ground ? { ground: { type: "vector", tiles: [window.location.origin + ground], minzoom: 11, maxzoom: 16 } } : {}),
      ...(seen ? { seen: { type: "geojson", data: seen } } : {}),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": dark ? "#1c1d1f" : "#f1f2f4" } },
      ...(box.dataset.base ? baseLayers(dark, document.documentElement.lang) : ground ? groundOf(dark) : []),
      ...cone,
    ],
  };
}

export function startSmallMap(box: HTMLElement): void {
  if (document.createElement("canvas").getContext("webgl2") === null) {
    box.hidden = true;
    return;
  }
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  if (box.dataset.base) addProtocol("pmtiles", new Protocol().tile);
  const centre: [number, number] = [Number(box.dataset.lon), Number(box.dataset.lat)];
  const map = new MapView({
    container: box, style: styleOf(box), center: centre, zoom: 17.2, minZoom: 9, maxZoom: 20,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: false, scrollZoom: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (box.dataset.credit) map.addControl(new AttributionControl({ compact: false, customAttribution: box.dataset.credit }), "bottom-right");
  map.addControl(new ScaleControl({ unit: "metric", maxWidth: 80 }), "bottom-left");
  const dot = document.createElement("div");
  dot.className = "small-map-dot";
  dot.setAttribute("aria-hidden", "true");
  new Marker({ element: dot }).setLngLat(centre).addTo(map);
  map.once("idle", () => (box.dataset.drawn = "yes"));
  document.addEventListener("oblik:theme", () => map.setStyle(styleOf(box), { diff: true }));
}
