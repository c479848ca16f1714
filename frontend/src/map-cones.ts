// What a camera sees, as a sector that the map turns by its bearing: filled where the angle is known, dashed where it is
// guessed.
import type { ExpressionSpecification, Map as MapView } from "maplibre-gl";

const SIZE_PX = 64;
const ANGLES = [15, 30, 45, 60, 75, 90, 110, 130, 160, 200, 270, 360];
const GUESSED_DEG = 60;

export function addCones(map: MapView, dark: boolean): void {
  for (const angle of ANGLES) put(map, `cone-${angle}`, sector(angle, dark, false));
  put(map, "cone-guessed", sector(GUESSED_DEG, dark, true));
}

function put(map: MapView, name: string, image: ImageData): void {
  if (map.hasImage(name)) map.removeImage(name);
  map.addImage(name, image, { sdf: false, pixelRatio: 2 });
}

// The nearest of the angles that are drawn.
export function coneImage(): ExpressionSpecification {
  const steps = ANGLES.slice(1).flatMap((angle, at) => [(angle + (ANGLES[at] ?? 0)) / 2, `cone-${angle}`]);
  return [
    "case", ["has", "hfov_deg"],
    ["step", ["get", "hfov_deg"], `cone-${ANGLES[0]}`, ...steps] as unknown as ExpressionSpecification,
    "cone-guessed",
  ];
}

// A sector looking up (north).
function sector(angle: number, dark: boolean, guessed: boolean): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE_PX * 2;
  const context = canvas.getContext("2d");
  if (!context) return new ImageData(1, 1);
  const centre = SIZE_PX;
  const colour = dark ? "77, 171, 247" : "6, 111, 209";
  const [from, to] = [-90 - angle / 2, -90 + angle / 2].map((degrees) => (degrees * Math.PI) / 180) as [number, number];
  context.beginPath();
  if (angle < 360) context.moveTo(centre, centre);
  context.arc(centre, centre, SIZE_PX - 3, from, to);
  context.closePath();
  if (guessed) {
    context.setLineDash([7, 6]);
    context.lineWidth = 3;
    context.strokeStyle = `rgba(${colour}, 0.55)`;
    context.stroke();
  } else {
    const fade = context.createRadialGradient(centre, centre, 6, centre, centre, SIZE_PX);
    fade.addColorStop(0, `rgba(${colour}, 0.75)`);
    fade.addColorStop(1, `rgba(${colour}, 0.12)`);
    context.fillStyle = fade;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = `rgba(${colour}, 0.5)`;
    context.stroke();
  }
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
