// How the map looks: a plain ground, clusters with their counts, cameras by state, wedges where the bearing is known.
import { baseLayers } from "./base-style";
import { areaData } from "./map-area";
import type { Corner } from "./map-area";
import { addCones, coneImage } from "./map-cones";
import type { ExpressionSpecification, LayerSpecification, Map as MapView, SourceSpecification, StyleSpecification } from "maplibre-gl";

interface Colours {
  ground: string;
  ring: string;
  cluster: string;
  halo: string;
  label: string;
  wedge: string;
  well: string;
  bad: string;
  gone: string;
  other: string;
  house: string;
  street: string;
}

const LIGHT: Colours = {
  ground: "#f1f2f4", ring: "#ffffff", cluster: "#066fd1", halo: "#066fd1", label: "#ffffff", wedge: "#1f2937",
  well: "#2b8a3e", bad: "#c2410c", gone: "#6b7280", other: "#066fd1",
  house: "#b4bcc7", street: "#5b6470",
};
const DARK: Colours = {
  ground: "#1c1d1f", ring: "#1c1d1f", cluster: "#2f8ae5", halo: "#2f8ae5", label: "#ffffff", wedge: "#dce1e7",
  well: "#51cf66", bad: "#ff922b", gone: "#8b96a5", other: "#4dabf7",
  house: "#4a515b", street: "#a4acb7",
};

function isDark(): boolean {
  return document.documentElement.getAttribute("data-bs-theme") === "dark";
}

export function addImages(map: MapView): void {
  addCones(map, isDark());
}

function stateColour(colours: Colours): ExpressionSpecification {
  return [
    "match", ["get", "state"],
    ["in_service", "installed"], colours.well,
    ["faulty", "lost"], colours.bad,
    ["retired", "refused"], colours.gone,
    colours.other,
  ];
}

// Houses as dots and streets by name, from the city's address points: enough to know where one is.
function groundLayers(colours: Colours): LayerSpecification[] {
  return [
    {
      id: "houses", type: "circle", source: "ground", "source-layer": "houses",
      paint: {
        "circle-color": colours.house,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 0.8, 14, 1.6, 16, 3, 19, 6],
      },
    },
    {
      id: "house-numbers", type: "symbol", source: "ground", "source-layer": "houses", minzoom: 17.5,
      layout: { "text-field": ["get", "house"], "text-font": ["sans-serif"], "text-size": 10 },
      paint: { "text-color": colours.street, "text-halo-color": colours.ground, "text-halo-width": 1 },
    },
    {
      id: "streets", type: "symbol", source: "ground", "source-layer": "streets", minzoom: 13,
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["sans-serif"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 13, 10, 17, 13],
        "text-rotate": ["get", "turn"],
        "text-rotation-alignment": "map",
        "text-max-width": 30,
        "text-padding": 8,
        "symbol-sort-key": ["-", 0, ["get", "houses"]],
      },
      paint: { "text-color": colours.street, "text-halo-color": colours.ground, "text-halo-width": 1.5 },
    },
  ];
}

function areaLayers(colours: Colours): LayerSpecification[] {
  return [
    { id: "area", type: "fill", source: "area", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colours.cluster, "fill-opacity": 0.1 } },
    { id: "area-edge", type: "line", source: "area", paint: { "line-color": colours.cluster, "line-width": 2, "line-dasharray": [3, 2] } },
    {
      id: "area-corners", type: "circle", source: "area", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": colours.ring, "circle-stroke-color": colours.cluster, "circle-stroke-width": 2 },
    },
  ];
}

export function groundOf(dark: boolean): LayerSpecification[] {
  return groundLayers(dark ? DARK : LIGHT);
}

// What is drawn over any ground, ours or another's.
function overLayers(colours: Colours): LayerSpecification[] {
  const guessed: ExpressionSpecification = ["==", ["get", "origin"], "geocoded"];
  const colour = stateColour(colours);
  return [
    ...areaLayers(colours),
    {
      id: "wedges", type: "symbol", source: "cameras", "source-layer": "wedges",
      layout: {
        "icon-image": coneImage(),
        "icon-rotate": ["get", "bearing_deg"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.35, 16, 0.8, 19, 1.3],
      },
    },
    {
      id: "cameras", type: "circle", source: "cameras", "source-layer": "cameras",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 4, 16, 6, 19, 8],
        // A place worked out from an address is a ring: the camera stands somewhere near.
        "circle-color": ["case", guessed, colours.ground, colour],
        "circle-stroke-width": ["case", guessed, 2.5, 1.5],
        "circle-stroke-color": ["case", guessed, colour, colours.ring],
      },
    },
    {
      id: "clusters", type: "circle", source: "cameras", "source-layer": "clusters",
      paint: {
        "circle-radius": ["step", ["get", "count"], 13, 10, 16, 100, 20, 1000, 25, 10000, 30],
        "circle-color": colours.cluster,
        "circle-stroke-color": colours.halo,
        "circle-stroke-width": 5,
        "circle-stroke-opacity": 0.25,
      },
    },
    {
      id: "counts", type: "symbol", source: "cameras", "source-layer": "clusters",
      layout: {
        "text-field": ["to-string", ["get", "count"]],
        "text-font": ["sans-serif"],
        "text-size": 13,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": colours.label },
    },
  ];
}

function tilesOf(address: string): string[] {
  return [new URL(address, window.location.href).href.replace(/%7B/gi, "{").replace(/%7D/gi, "}")];
}

function credit(box: HTMLElement): { attribution?: string } {
  return box.dataset.credit ? { attribution: box.dataset.credit } : {};
}

export function mapStyle(box: HTMLElement, area: Corner[], drawing: boolean): StyleSpecification {
  const dark = isDark();
  const colours = dark ? DARK : LIGHT;
  const base = box.dataset.base ?? "";
  const ground = base ? "" : (box.dataset.ground ?? ""); // the base map has its own houses and names
  const under = base ? baseLayers(dark, document.documentElement.lang) : ground ? groundLayers(colours) : [];
  return {
    version: 8,
    sources: {
      ...(base ? { base: { type: "vector" as const, url: `pmtiles://${new URL(base, window.location.href).href}`, ...credit(box) } } : {}),
      ...(ground ? { ground: { type: "vector" as const, tiles: tilesOf(ground), minzoom: 11, maxzoom: 16 } } : {}),
      area: { type: "geojson", data: areaData(area, drawing) },
      cameras: { type: "vector", tiles: tilesOf(box.dataset.tiles ?? ""), minzoom: 0, maxzoom: 18 },
    },
    layers: [{ id: "ground", type: "background", paint: { "background-color": colours.ground } }, ...under, ...overLayers(colours)],
  };
}

// Ours over the style of another host. Its glyphs are left out: letters are drawn by the browser itself.
export function overStyle(foreign: StyleSpecification, own: StyleSpecification): StyleSpecification {
  const { glyphs: _glyphs, ...rest } = foreign;
  const { cameras, area } = own.sources as { cameras: SourceSpecification; area: SourceSpecification };
  const over = overLayers(isDark() ? DARK : LIGHT);
  return { ...rest, sources: { ...foreign.sources, cameras, area }, layers: [...foreign.layers, ...over] };
}
