// A button marked data-copy="#place" puts the text of that place on the clipboard; where that is refused, it selects it.

export function watchCopying(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    const place = button ? document.querySelector<HTMLElement>(button.dataset.copy ?? "") : null;
    if (!button || !place) return;
    void copy(place, button);
  });
}

async function copy(place: HTMLElement, button: HTMLElement): Promise<void> {
  const lines = [...place.querySelectorAll("li")].map((line) => line.textContent?.trim() ?? "");
  try {
    await navigator.clipboard.writeText(lines.length > 0 ? lines.join("\n") : (place.textContent?.trim() ?? ""));
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  } catch {
    window.getSelection()?.selectAllChildren(place);
  }
}
