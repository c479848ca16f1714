// The two maps of the phone: the round with its way, and the one on which a camera's place and bearing are set.
import { type GeoJSONSource, Map as MapView, NavigationControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { baseLayers } from "../base-style";
import { groundOf } from "./ground";
import type { Fix, Stop } from "./store";
import { language, said } from "./words";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);
const protocol = new Protocol();
addProtocol("pmtiles", protocol.tile);

const isDark = (): boolean => document.documentElement.dataset.bsTheme === "dark";
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

function style(base: string, layers: LayerSpecification[], sources: StyleSpecification["sources"]): StyleSpecification {
  const dark = isDark();
  const ground: LayerSpecification = { id: "ground", type: "background", paint: { "background-color": dark ? "#1c1d1f" : "#f1f2f4" } };
  if (base) protocol.add(groundOf(base));
  const address = base ? new URL(base, location.href).href : "";
  return {
    version: 8,
    sources: base ? { ...sources, base: { type: "vector", url: `pmtiles://${address}` } } : sources,
    layers: [ground, ...(base ? baseLayers(dark, language) : []), ...layers],
  };
}

function opened(box: HTMLElement, look: StyleSpecification, at: [number, number], zoom: number): MapView {
  const map = new MapView({
    container: box, style: look, center: at, zoom, maxZoom: 20, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    locale: { "NavigationControl.ZoomIn": said("zoom_in"), "NavigationControl.ZoomOut": said("zoom_out"), "Map.Title": said("map") },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.on("error", () => undefined); // a street that is not kept on the phone is simply absent
  return map;
}

function marks(stops: Stop[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: stops.flatMap((stop) =>
      stop.lon_deg === null || stop.lat_deg === null
        ? []
        : [{ type: "Feature", geometry: { type: "Point", coordinates: [stop.lon_deg, stop.lat_deg] }, properties: { code: stop.code, place: String(stop.place), answer: stop.answer } }],
    ),
  };
}

function layers(): LayerSpecification[] {
  const ink = isDark() ? "#dce1e7" : "#1f2937";
  return [
    { id: "way", type: "line", source: "way", paint: { "line-color": "#066fd1", "line-width": 3, "line-dasharray": [1.5, 1.2], "line-opacity": 0.8 } },
    {
      id: "stops", type: "circle", source: "stops",
      paint: {
        "circle-radius": 15, "circle-stroke-width": 2, "circle-stroke-color": "#ffffff",
        "circle-color": ["match", ["get", "answer"], "", "#066fd1", "not_found", "#b02a37", "unreachable", "#6b7280", "#2b8a3e"],
      },
    },
    {
      id: "numbers", type: "symbol", source: "stops",
      layout: { "text-field": ["get", "place"], "text-font": ["sans-serif"], "text-size": 14, "text-allow-overlap": true },
      paint: { "text-color": "#ffffff" },
    },
    { id: "me-round", type: "circle", source: "me", paint: { "circle-radius": 20, "circle-color": "#066fd1", "circle-opacity": 0.18 } },
    { id: "me", type: "circle", source: "me", paint: { "circle-radius": 7, "circle-color": ink, "circle-stroke-width": 3, "circle-stroke-color": "#ffffff" } },
  ];
}

export interface RoundMap {
  show(stops: Stop[], me: Fix | null): void;
  remove(): void;
}

export function roundMap(box: HTMLElement, asked: { stops: Stop[]; start: [number, number] | null; base: string; pick: (code: string) => void }): RoundMap {
  const data = marks(asked.stops);
  const places = data.features.map((one) => (one.geometry as GeoJSON.Point).coordinates as [number, number]);
  const line: GeoJSON.Feature = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [...(asked.start ? [asked.start] : []), ...places] } };
  const sources: StyleSpecification["sources"] = {
    way: { type: "geojson", data: line }, stops: { type: "geojson", data }, me: { type: "geojson", data: NOTHING },
  };
  const map = opened(box, style(asked.base, layers(), sources), places[0] ?? [31, 48.6], 15);
  if (places.length > 1) {
    const [lons, lats] = [places.map((one) => one[0]), places.map((one) => one[1])];
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 48, maxZoom: 17, duration: 0 });
  }
  map.on("click", (event) => {
    const { x, y } = event.point;
    const hit = map.queryRenderedFeatures([[x - 22, y - 22], [x + 22, y + 22]], { layers: ["stops"] })[0];
    if (hit) asked.pick(String(hit.properties.code));
  });
  map.on("idle", () => (box.dataset.marks = String(map.queryRenderedFeatures({ layers: ["stops"] }).length)));
  return {
    show: (stops, me) => {
      const set = (name: string, shown: GeoJSON.GeoJSON): unknown => map.getSource<GeoJSONSource>(name)?.setData(shown);
      set("stops", marks(stops));
      set("me", me ? { type: "Point", coordinates: [me.lon_deg, me.lat_deg] } : NOTHING);
    },
    remove: () => map.remove(),
  };
}

export interface AimMap {
  place(): { lon_deg: number; lat_deg: number };
  remove(): void;
}

// The pin stands still in the middle; the map is moved beneath it, with one thumb.
export function aimMap(box: HTMLElement, asked: { at: [number, number]; base: string; others: Stop[]; moved: () => void }): AimMap {
  const sources: StyleSpecification["sources"] = { stops: { type: "geojson", data: marks(asked.others) }, way: { type: "geojson", data: NOTHING }, me: { type: "geojson", data: NOTHING } };
  const map = opened(box, style(asked.base, layers(), sources), asked.at, 18);
  map.on("moveend", () => asked.moved());
  map.on("idle", () => (box.dataset.ready = "1"));
  return {
    place: () => {
      const { lng, lat } = map.getCenter();
      return { lon_deg: Math.round(lng * 1e7) / 1e7, lat_deg: Math.round(lat * 1e7) / 1e7 };
    },
    remove: () => map.remove(),
  };
}
