// The map island: clusters and cameras from our own tiles; nothing is asked of any other host.
import "maplibre-gl/dist/maplibre-gl.css";
import "./map-tools.css";
import { AttributionControl, Map as MapView, NavigationControl, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { MapGeoJSONFeature, MapMouseEvent, PointLike, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { AreaTool, readArea } from "./map-area";
import { addImages, mapStyle, overStyle } from "./map-style";

const MAX_ZOOM = 20;
const TOUCH_PX = 6;
const SAME_PLACE_DEG = 2e-5; // about two metres: zooming in would not part such cameras

function supportsWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

function parseBounds(text: string | undefined): [number, number, number, number] | null {
  const parts = (text ?? "").split(",").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isFinite(part))) return null;
  return parts as [number, number, number, number];
}

function openPanel(address: string, focus = false): void {
  const panel = document.getElementById("map-panel");
  if (!panel) return;
  panel.hidden = false;
  void window.htmx.ajax("GET", address, { target: "#map-panel-body", swap: "innerHTML" }).then(() => {
    if (focus) panel.querySelector<HTMLElement>("[data-focus]")?.focus();
  });
}

function openPlace(box: HTMLElement, bounds: [number, number, number, number]): void {
  const address = new URL(box.dataset.place ?? "", window.location.href);
  const filters = new URLSearchParams(window.location.search);
  for (const [name, value] of filters) address.searchParams.set(name, value);
  address.searchParams.set("bounds", bounds.join(","));
  openPanel(address.pathname + address.search);
}

function openCamera(box: HTMLElement, code: string): void {
  openPanel((box.dataset.card ?? "").replace("CODE", encodeURIComponent(code)));
}

function placeOf(mark: MapGeoJSONFeature): [number, number] {
  const [lon, lat] = (mark.geometry as GeoJSON.Point).coordinates;
  return [lon ?? 0, lat ?? 0];
}

function openCluster(map: MapView, box: HTMLElement, cluster: MapGeoJSONFeature): void {
  const { west, south, east, north } = cluster.properties as Record<string, number>;
  const bounds: [number, number, number, number] = [west ?? 0, south ?? 0, east ?? 0, north ?? 0];
  const onePlace = bounds[2] - bounds[0] < SAME_PLACE_DEG && bounds[3] - bounds[1] < SAME_PLACE_DEG;
  if (onePlace || map.getZoom() >= MAX_ZOOM - 1) openPlace(box, bounds);
  else map.fitBounds(bounds, { padding: 80, maxZoom: 18 });
}

function onClick(map: MapView, box: HTMLElement, event: MapMouseEvent): void {
  const { x, y } = event.point;
  const touched: [PointLike, PointLike] = [[x - TOUCH_PX, y - TOUCH_PX], [x + TOUCH_PX, y + TOUCH_PX]];
  const gap = (mark: MapGeoJSONFeature): number => map.project(placeOf(mark)).dist(event.point);
  // A dot beside a cluster must stay within reach: the mark whose middle is nearest is meant.
  const nearest = map.queryRenderedFeatures(touched, { layers: ["clusters", "cameras"] }).sort((one, other) => gap(one) - gap(other))[0];
  if (!nearest) return;
  if (nearest.layer.id === "clusters") openCluster(map, box, nearest);
  else openCamera(box, String(nearest.properties.code));
}

// Without an answer the streets are simply absent: nothing else of the map depends on another host.
async function foreignStyle(address: string): Promise<StyleSpecification | null> {
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    return answer.ok ? ((await answer.json()) as StyleSpecification) : null;
  } catch {
    return null;
  }
}

function startMap(box: HTMLElement): void {
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  if (box.dataset.base) addProtocol("pmtiles", new Protocol().tile);
  const bounds = parseBounds(box.dataset.bounds);
  const map = new MapView({
    container: box,
    style: mapStyle(box, readArea(box.dataset.area), false),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 48, maxZoom: 16 } } : { center: [31.2, 48.6] as [number, number], zoom: 5 }),
    hash: "at",
    maxZoom: MAX_ZOOM,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    locale: JSON.parse(box.dataset.words ?? "{}") as Record<string, string>,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (box.dataset.credit) map.addControl(new AttributionControl({ compact: false }), "bottom-left");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.setMissingStyleImageResolver(() => addImages(map));
  const area = new AreaTool(map, box, (address) => openPanel(address, true));
  map.on("click", (event) => {
    if (!area.onClick(event)) onClick(map, box, event);
  });
  for (const layer of ["clusters", "cameras"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = area.drawing ? "" : "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.on("idle", () => {
    // Tells tests and screen readers what is drawn.
    const marks = map.queryRenderedFeatures({ layers: ["clusters", "cameras"] });
    const counted = marks.reduce((sum, mark) => sum + Number(mark.properties.count ?? 1), 0);
    box.dataset.marks = String(marks.length);
    box.dataset.cameras = String(counted);
  });
  const restyle = (): void => {
    const own = mapStyle(box, area.corners, area.drawing);
    if (box.dataset.foreign && foreign) map.setStyle(overStyle(foreign, own), { diff: true });
    else map.setStyle(own, { diff: true });
    map.once("styledata", () => addImages(map));
  };
  let foreign: StyleSpecification | null = null;
  document.addEventListener("oblik:theme", restyle);
  if (box.dataset.foreign) void foreignStyle(box.dataset.foreign).then((style) => {
    foreign = style;
    if (style) restyle();
  });
  if (box.dataset.area) openPanel((box.dataset.list ?? "") + window.location.search);
}

function watchPanel(): void {
  const panel = document.getElementById("map-panel");
  const close = (): void => {
    if (panel) panel.hidden = true;
  };
  document.getElementById("map-panel-close")?.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

const box = document.getElementById("map");
if (box) {
  watchPanel();
  if (supportsWebGl()) startMap(box);
  else document.getElementById("map-unsupported")?.removeAttribute("hidden");
}
