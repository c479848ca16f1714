// Where the phone is: the best of what it said in the last moments, with its accuracy, or the reason why it is not known.
import type { Fix } from "./store";

const FRESH_MS = 20_000; // one walks some 25 metres in it

interface Heard extends Fix {
  at: number;
}

export type Trouble = "searching" | "denied" | null;

export class Position {
  private heard: Heard[] = [];
  private watching: number | null = null;
  trouble: Trouble = "searching";

  constructor(private readonly tell: () => void) {}

  start(): void {
    if (this.watching !== null) return;
    if (!("geolocation" in navigator)) {
      this.trouble = "denied";
      return;
    }
    this.watching = navigator.geolocation.watchPosition(
      ({ coords }) => {
        this.heard.push({ lon_deg: coords.longitude, lat_deg: coords.latitude, accuracy_m: coords.accuracy, at: Date.now() });
        this.trouble = null;
        this.tell();
      },
      (wrong) => {
        if (wrong.code === wrong.PERMISSION_DENIED) this.trouble = "denied";
        else if (!this.best()) this.trouble = "searching";
        this.tell();
      },
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 },
    );
  }

  stop(): void {
    if (this.watching !== null) navigator.geolocation.clearWatch(this.watching);
    this.watching = null;
  }

  // The most accurate of the last moments; the newest where nothing newer comes because nobody moves.
  best(): Fix | null {
    const last = this.heard[this.heard.length - 1];
    if (!last) return null;
    this.heard = this.heard.filter((one) => last.at - one.at < FRESH_MS);
    const found = this.heard.reduce((one, other) => (other.accuracy_m <= one.accuracy_m ? other : one), last);
    return { lon_deg: found.lon_deg, lat_deg: found.lat_deg, accuracy_m: Math.round(found.accuracy_m * 10) / 10 };
  }
}

const rad = Math.PI / 180;

export function apart(from: Fix, lon: number, lat: number): { m: number; deg: number } {
  const east = (lon - from.lon_deg) * Math.cos(from.lat_deg * rad) * 111_320;
  const north = (lat - from.lat_deg) * 111_320;
  return { m: Math.hypot(east, north), deg: (Math.atan2(east, north) / rad + 360) % 360 };
}
