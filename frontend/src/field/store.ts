// What the phone keeps: the day's rounds, which are thrown away, and the checks, which stay until they are sent.
export interface Stop {
  place: number;
  code: string;
  owner: string;
  version: number;
  lon_deg: number | null;
  lat_deg: number | null;
  values: Record<string, string | number | boolean>;
  answer: string;
}

export interface Round {
  id: number;
  campaign: string;
  day: string;
  name: string;
  way_m: number;
  start: [number, number] | null;
  stops: Stop[];
}

export interface Day {
  person: string;
  today: string;
  base: string;
  rounds: Round[];
}

export interface Fix {
  lon_deg: number;
  lat_deg: number;
  accuracy_m: number;
}

export interface Check {
  id: string;
  round: number;
  camera: string;
  version: number;
  answer: string;
  said_at: string;
  stood: Fix | null;
  place: Fix | null;
  place_from: "gps" | "map";
  bearing_deg: number | null;
  bearing_from: string;
  values: Record<string, string | number>;
  note: string;
}

export interface Kept {
  id: string;
  person: string;
  check: Check;
  title: string;
  photos: ArrayBuffer[];
  state: "waiting" | "refused" | "sent";
  told: string;
}

// Two stores apart: signing out anywhere throws the rounds away, and never what has not been sent.
export const ROUNDS = "oblik-round";
const CHECKS = "oblik-checks";

function open(name: string, store: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(store, store === "checks" ? { keyPath: "id" } : {});
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function use<T>(name: string, store: string, mode: IDBTransactionMode, ask: (kept: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open(name, store);
  try {
    return await new Promise<T>((resolve, reject) => {
      const turn = database.transaction(store, mode);
      const asked = ask(turn.objectStore(store));
      turn.oncomplete = () => resolve(asked.result);
      turn.onabort = turn.onerror = () => reject(turn.error ?? asked.error);
    });
  } finally {
    database.close();
  }
}

// Pieces of the base map, by their place in its file: the streets of the round without a network.
const GROUND = "oblik-ground";
export const keepPiece = (name: string, piece: ArrayBuffer): Promise<unknown> => use(GROUND, "pieces", "readwrite", (kept) => kept.put(piece, name));
export const keptPiece = (name: string): Promise<ArrayBuffer | undefined> => use(GROUND, "pieces", "readonly", (kept) => kept.get(name) as IDBRequest<ArrayBuffer | undefined>);
export const forgetPieces = (): Promise<unknown> => use(GROUND, "pieces", "readwrite", (kept) => kept.clear());

export const keepDay = (day: Day): Promise<unknown> => use(ROUNDS, "day", "readwrite", (kept) => kept.put(day, "day"));
export const keptDay = (): Promise<Day | undefined> => use(ROUNDS, "day", "readonly", (kept) => kept.get("day") as IDBRequest<Day | undefined>);
export const keepCheck = (check: Kept): Promise<unknown> => use(CHECKS, "checks", "readwrite", (kept) => kept.put(check));
export const dropCheck = (id: string): Promise<unknown> => use(CHECKS, "checks", "readwrite", (kept) => kept.delete(id));
export const keptChecks = (): Promise<Kept[]> => use(CHECKS, "checks", "readonly", (kept) => kept.getAll() as IDBRequest<Kept[]>);

export function today(): string {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

// Rounds whose day is over are gone, and so is what the office had already taken.
export async function forgetOld(): Promise<void> {
  const day = await keptDay();
  if (!day) return;
  const rounds = day.rounds.filter((round) => round.day >= today());
  if (rounds.length < day.rounds.length) await keepDay({ ...day, rounds });
  if (day.today < today()) await forgetSent();
}

export async function forgetSent(): Promise<void> {
  for (const one of await keptChecks()) if (one.state === "sent") await dropCheck(one.id);
}

export async function forgetRounds(): Promise<void> {
  await use(ROUNDS, "day", "readwrite", (kept) => kept.clear());
  for (const name of await caches.keys()) if (name.startsWith("oblik-shell")) await caches.delete(name);
}
