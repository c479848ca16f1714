// The streets under the round: the city's base map, kept piece by piece on the phone so that it is there without a network.
import { PMTiles, type RangeResponse, type Source } from "pmtiles";
import { type Stop, forgetPieces, keepPiece, keptPiece } from "./store";

const DEEPEST = 15;
const MOST_TILES = 160; // some 8 MB

class KeptSource implements Source {
  constructor(private readonly address: string) {}

  getKey(): string {
    return this.address;
  }

  async getBytes(offset: number, length: number, signal?: AbortSignal): Promise<RangeResponse> {
    const name = `${this.address}#${offset}-${length}`;
    const kept = await keptPiece(name).catch(() => undefined);
    if (kept) return { data: kept };
    const answer = await fetch(this.address, { headers: { Range: `bytes=${offset}-${offset + length - 1}` }, redirect: "manual", ...(signal ? { signal } : {}) });
    if (answer.status !== 206) throw new TypeError(`the base map answered ${answer.status}`);
    const data = await answer.arrayBuffer();
    await keepPiece(name, data).catch(() => undefined); // no room: then the streets need a network
    return { data };
  }
}

export const groundOf = (address: string): PMTiles => new PMTiles(new KeptSource(new URL(address, location.href).href));

function tileOf(lon: number, lat: number, zoom: number): [number, number] {
  const n = 2 ** zoom;
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  return [Math.floor(((lon + 180) / 360) * n), Math.floor(y * n)];
}

// Reads what the round will need while there is a network; the widest first, so that a cut leaves a whole map.
export async function keepGround(address: string, stops: Stop[]): Promise<void> {
  const known = localStorage.getItem("oblik-ground");
  if (known && known !== address) await forgetPieces();
  localStorage.setItem("oblik-ground", address);
  const ground = groundOf(address);
  const { minZoom, maxZoom } = await ground.getHeader();
  const asked = new Set<string>();
  for (let zoom = minZoom; zoom <= Math.min(maxZoom, DEEPEST); zoom++) {
    for (const { lon_deg: lon, lat_deg: lat } of stops) {
      if (lon === null || lat === null || asked.size >= MOST_TILES) continue;
      const [x, y] = tileOf(lon, lat, zoom);
      if (asked.has(`${zoom}/${x}/${y}`)) continue;
      asked.add(`${zoom}/${x}/${y}`);
      await ground.getZxy(zoom, x, y);
    }
  }
}
