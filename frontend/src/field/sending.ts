// Sends the checks one by one. Each carries its own id: sent twice, or cut off before the answer, it counts once.
import { type Day, type Kept, dropCheck, keepCheck, keepDay, keptChecks } from "./store";
import { answers, fields, said } from "./words";

export type State = "idle" | "sending" | "offline" | "signed-out";

interface Taken {
  camera: string;
  changed: string[];
  near: { code: string; distance_m: number }[];
  gone: boolean;
}

interface Asked {
  day: Day & { csrf: string };
}

export class SignedOut extends Error {}

export async function askDay(): Promise<Asked["day"]> {
  const answer = await fetch("/field/day.json", { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new SignedOut();
  if (!answer.ok) throw new TypeError(`the server answered ${answer.status}`);
  return (await answer.json()) as Asked["day"];
}

function sentence(taken: Taken): string {
  if (taken.gone) return said("gone");
  if (taken.near.length) return said("near", { cameras: taken.near.map((one) => `${one.code} (${one.distance_m} ${said("m")})`).join(", ") });
  if (!taken.camera) return said("alone");
  if (taken.changed.length) return said("changed", { fields: taken.changed.map((name) => fields[name] ?? name).join(", ") });
  return said("taken");
}

async function send(one: Kept, csrf: string): Promise<void> {
  const form = new FormData();
  form.set("check", JSON.stringify(one.check));
  one.photos.forEach((photo, at) => form.append("photo", new Blob([photo], { type: "image/jpeg" }), `${at + 1}.jpg`));
  const answer = await fetch("/field/checks/", { method: "POST", body: form, headers: { "X-CSRFToken": csrf }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new SignedOut();
  if (answer.ok) {
    const taken = (await answer.json()) as Taken;
    // Only what was said is kept of a check that is sent, for the day; its photos are gone from the phone.
    await keepCheck({ ...one, photos: [], state: "sent", told: sentence(taken) });
    return;
  }
  if ([400, 404, 409, 413, 422].includes(answer.status)) {
    const told = (await answer.json().catch(() => ({}))) as { sentence?: string };
    await keepCheck({ ...one, state: "refused", told: told.sentence ?? String(answer.status) });
    return;
  }
  throw new TypeError(`the server answered ${answer.status}`);
}

// One tab at a time: the other finds nothing left. tell is called whenever something has changed.
export async function sendAll(tell: (state: State) => void): Promise<Day | null> {
  return navigator.locks.request("oblik-sending", async () => {
    try {
      const { csrf, ...day } = await askDay();
      await keepDay(day);
      const waiting = (await keptChecks()).filter((one) => one.state === "waiting" && one.person === day.person);
      waiting.sort((one, other) => one.check.said_at.localeCompare(other.check.said_at));
      for (const one of waiting) {
        tell("sending");
        await send(one, csrf);
      }
      if (!waiting.length) {
        tell("idle");
        return day;
      }
      const { csrf: _unused, ...anew } = await askDay();
      await keepDay(anew);
      tell("idle");
      return anew;
    } catch (wrong) {
      if (wrong instanceof SignedOut) {
        // The round stays: who walks for an hour has been signed out by the clock, and may be without a network again.
        tell("signed-out");
      } else tell("offline");
      return null;
    }
  });
}

export async function tryAgain(one: Kept): Promise<void> {
  await keepCheck({ ...one, state: "waiting", told: "" });
}

export const drop = (one: Kept): Promise<unknown> => dropCheck(one.id);
export const titleOf = (code: string, answer: string): string => `${code || answers.new} · ${answers[answer] ?? answer}`;
