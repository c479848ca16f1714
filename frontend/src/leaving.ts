// Signing out anywhere throws away what the phone's page keeps to be seen; what waits to be sent it keeps, see field/store.
export function watchLeaving(): void {
  document.getElementById("sign-out")?.addEventListener("click", () => {
    indexedDB.deleteDatabase("oblik-round");
    void globalThis.caches?.delete("oblik-shell");
  });
}
