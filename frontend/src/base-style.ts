// The base map under the cameras: quiet colours, so that nothing competes with what the desk is about.
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

interface BaseColours {
  housing: string;
  green: string;
  water: string;
  building: string;
  wall: string;
  street: string;
  casing: string;
  major: string;
  path: string;
  border: string;
  text: string;
  faint: string;
  halo: string;
}

const LIGHT: BaseColours = {
  housing: "#eceef1", green: "#dfeadb", water: "#cbdcea", building: "#dcdfe4", wall: "#c6cbd2",
  street: "#ffffff", casing: "#d4d8de", major: "#fdf6e3", path: "#c9cdd4", border: "#9aa3af",
  text: "#46505c", faint: "#6b7480", halo: "#f7f8f9",
};
const DARK: BaseColours = {
  housing: "#1f2123", green: "#20291f", water: "#1a2833", building: "#2b2d31", wall: "#3a3d42",
  street: "#383b40", casing: "#141517", major: "#45443d", path: "#33363a", border: "#5b636e",
  text: "#b9c1cb", faint: "#8d96a2", halo: "#17181a",
};

const FONT = ["sans-serif"]; // drawn by the browser itself: no glyphs are asked of anybody

function widths(scale: number): ExpressionSpecification {
  const of = (motorway: number, primary: number, tertiary: number, street: number, path: number): ExpressionSpecification => [
    "match", ["get", "kind"],
    ["motorway", "trunk"], motorway * scale,
    ["primary", "secondary"], primary * scale,
    "tertiary", tertiary * scale,
    ["path", "track"], path * scale,
    street * scale,
  ];
  return [
    "interpolate", ["exponential", 1.5], ["zoom"],
    8, of(1, 0.7, 0.4, 0.2, 0.1),
    12, of(3, 2.2, 1.4, 0.8, 0.4),
    15, of(9, 7.5, 6, 4.5, 1.2),
    18, of(34, 28, 24, 18, 4),
    20, of(90, 74, 62, 50, 10),
  ];
}

function label(language: string): ExpressionSpecification {
  return ["coalesce", ["get", `name_${language}`], ["get", "name"]];
}

const NAMED = (colours: BaseColours, colour: string): Record<string, unknown> => ({
  "text-color": colour, "text-halo-color": colours.halo, "text-halo-width": 1.4,
});

function grounds(colours: BaseColours): LayerSpecification[] {
  const from = { source: "base" } as const;
  const fill = (id: string, colour: string): LayerSpecification => ({
    ...from, id: `base-${id}`, type: "fill", "source-layer": id, filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour, "fill-antialias": id !== "housing" },
  });
  return [
    fill("housing", colours.housing),
    fill("green", colours.green),
    fill("water", colours.water),
    {
      ...from, id: "base-rivers", type: "line", "source-layer": "water", filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colours.water, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.6, 16, 5] },
    },
  ];
}

function built(colours: BaseColours): LayerSpecification[] {
  const from = { source: "base", "source-layer": "streets" } as const;
  const lines: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
  const paths: ExpressionSpecification = ["in", ["get", "kind"], ["literal", ["path", "track"]]];
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      ...from, id: "base-squares", type: "fill", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colours.street, "fill-outline-color": colours.casing },
    },
    {
      ...from, id: "base-paths", type: "line", minzoom: 14, filter: ["all", lines, paths],
      layout: round, paint: { "line-color": colours.path, "line-width": widths(1) },
    },
    {
      ...from, id: "base-casings", type: "line", minzoom: 12, filter: ["all", lines, ["!", paths]],
      layout: { ...round, "line-sort-key": ["match", ["get", "kind"], ["motorway", "trunk", "primary"], 2, 1] },
      paint: { "line-color": colours.casing, "line-width": 1, "line-gap-width": widths(1) },
    },
    {
      ...from, id: "base-streets", type: "line", filter: ["all", lines, ["!", paths]],
      layout: { ...round, "line-sort-key": ["match", ["get", "kind"], ["motorway", "trunk", "primary"], 2, 1] },
      paint: {
        "line-color": ["match", ["get", "kind"], ["motorway", "trunk", "primary", "secondary"], colours.major, colours.street],
        "line-width": widths(1),
      },
    },
    {
      id: "base-buildings", type: "fill", source: "base", "source-layer": "buildings", minzoom: 13,
      paint: {
        "fill-color": colours.building,
        "fill-outline-color": colours.wall,
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.5, 15, 1],
      },
    },
    {
      id: "base-borders", type: "line", source: "base", "source-layer": "districts", maxzoom: 16,
      paint: { "line-color": colours.border, "line-dasharray": [4, 3], "line-width": 1, "line-opacity": 0.6 },
    },
  ];
}

function words(colours: BaseColours, language: string): LayerSpecification[] {
  const name = label(language);
  return [
    {
      id: "base-numbers", type: "symbol", source: "base", "source-layer": "addresses", minzoom: 17,
      layout: { "text-field": ["get", "house"], "text-font": FONT, "text-size": 10, "text-padding": 4 },
      paint: NAMED(colours, colours.faint),
    },
    {
      id: "base-places", type: "symbol", source: "base", "source-layer": "places", minzoom: 15.5, filter: ["has", "name"],
      layout: {
        "text-field": name, "text-font": FONT, "text-size": 11, "text-max-width": 9, "text-padding": 12,
        "symbol-sort-key": ["match", ["get", "kind"], ["station", "hospital", "school", "university"], 1, "stop", 3, 2],
      },
      paint: NAMED(colours, colours.faint),
    },
    {
      id: "base-street-names", type: "symbol", source: "base", "source-layer": "streets", minzoom: 13,
      filter: ["all", ["has", "name"], ["step", ["zoom"], ["in", ["get", "kind"], ["literal", ["motorway", "trunk", "primary", "secondary"]]], 14, true]],
      layout: {
        "symbol-placement": "line", "text-field": name, "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 13, 10.5, 17, 13],
        "symbol-spacing": 350, "text-padding": 6, "text-max-angle": 35,
      },
      paint: NAMED(colours, colours.text),
    },
    {
      id: "base-area-names", type: "symbol", source: "base", "source-layer": "labels", minzoom: 12,
      filter: ["!=", ["get", "kind"], "district"],
      layout: { "text-field": name, "text-font": FONT, "text-size": 12, "text-max-width": 8 },
      paint: NAMED(colours, colours.faint),
    },
    {
      id: "base-districts", type: "symbol", source: "base", "source-layer": "labels", minzoom: 9.5, maxzoom: 14,
      filter: ["==", ["get", "kind"], "district"],
      layout: {
        "text-field": name, "text-font": FONT, "text-size": 13, "text-letter-spacing": 0.06, "text-max-width": 8,
      },
      paint: NAMED(colours, colours.faint),
    },
  ];
}

export function baseLayers(dark: boolean, language: string): LayerSpecification[] {
  const colours = dark ? DARK : LIGHT;
  return [...grounds(colours), ...built(colours), ...words(colours, language)];
}
