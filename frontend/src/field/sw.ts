// Keeps the page and its files on the phone, so that it opens without a network. It keeps no round and no check.
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

// What of a worker's world the types of pages do not know.
interface Worker {
  OBLIK: { version: string; files: string[]; shell: string }; // written in front of this script by the server
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listen: (event: Lasting) => void): void;
  addEventListener(name: "fetch", listen: (event: Asked) => void): void;
}

declare const self: Worker;

const { version, files, shell } = self.OBLIK;
const FILES = `oblik-files-${version}`;
const SHELL = "oblik-shell"; // says who signed in, so it is thrown away with the sign-in
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((kept) => kept.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name: string): boolean => name.startsWith("oblik-files-") && name !== FILES;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(SHELL)).match(shell);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic") await (await caches.open(SHELL)).put(shell, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([asked.catch(() => kept), patience]).then((answer) => (answer.status >= 500 ? kept : answer));
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === shell) event.respondWith(page(event.request));
  else if (files.includes(address.pathname)) {
    event.respondWith(caches.open(FILES).then((kept) => kept.match(address.pathname)).then((found) => found ?? fetch(event.request)));
  }
});

export {};
