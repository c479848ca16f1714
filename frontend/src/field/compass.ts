// Which way the upper edge of the phone points, from true north. Phones tell it in two ways, and iPhones ask first.
import { model } from "geomagnetism";
import type { Fix } from "./store";

interface Turned extends DeviceOrientationEvent {
  webkitCompassHeading?: number; // iPhones: degrees clockwise from magnetic north
}

const WAIT_MS = 3_000;
const LISTEN_MS = 1_500;

// Compasses point to the magnetic pole; World Magnetic Model. East is positive.
export function declination(at: Fix | null): number {
  if (!at) return 0;
  try {
    return model(new Date(), { allowOutOfBoundsModel: true }).point([at.lat_deg, at.lon_deg]).decl;
  } catch {
    return 0;
  }
}

function heading(event: Turned): number | null {
  if (typeof event.webkitCompassHeading === "number") return event.webkitCompassHeading + (screen.orientation?.angle ?? 0);
  if (event.absolute && event.alpha !== null) return 360 - event.alpha + (screen.orientation?.angle ?? 0);
  return null;
}

// The middle of directions is that of their arrows: of 359 and 1 it is 0.
export function middle(degrees: number[]): number {
  const rad = Math.PI / 180;
  const east = degrees.reduce((sum, deg) => sum + Math.sin(deg * rad), 0);
  const north = degrees.reduce((sum, deg) => sum + Math.cos(deg * rad), 0);
  return (Math.atan2(east, north) / rad + 360) % 360;
}

export async function compass(at: Fix | null): Promise<{ deg: number; corrected: number } | null> {
  const asks = (globalThis.DeviceOrientationEvent as unknown as { requestPermission?: () => Promise<string> } | undefined)?.requestPermission;
  if (asks && (await asks.call(DeviceOrientationEvent).catch(() => "denied")) !== "granted") return null;
  const heard: number[] = [];
  await new Promise<void>((resolve) => {
    const listen = (event: Event): void => {
      const deg = heading(event as Turned);
      if (deg === null) return;
      if (!heard.length) setTimeout(done, LISTEN_MS);
      heard.push(deg);
    };
    const done = (): void => {
      window.removeEventListener("deviceorientationabsolute", listen);
      window.removeEventListener("deviceorientation", listen);
      resolve();
    };
    window.addEventListener("deviceorientationabsolute", listen);
    window.addEventListener("deviceorientation", listen);
    setTimeout(() => {
      if (!heard.length) done();
    }, WAIT_MS);
  });
  if (!heard.length) return null;
  const corrected = declination(at);
  return { deg: (middle(heard) + corrected + 360) % 360, corrected };
}
