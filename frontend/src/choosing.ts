// A box marked data-check-all="name" ticks all boxes of that name; data-check-count="name" tells how many are ticked.

const boxes = (name: string): HTMLInputElement[] =>
  [...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)];

function tell(name: string): void {
  const every = boxes(name);
  const ticked = every.filter((box) => box.checked).length;
  for (const place of document.querySelectorAll(`[data-check-count="${CSS.escape(name)}"]`)) place.textContent = ticked > 0 ? String(ticked) : "";
  for (const all of document.querySelectorAll<HTMLInputElement>(`[data-check-all="${CSS.escape(name)}"]`)) {
    all.checked = ticked > 0 && ticked === every.length;
    all.indeterminate = ticked > 0 && ticked < every.length;
  }
}

export function watchChoosing(): void {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const all = box.dataset.checkAll;
    if (all !== undefined) for (const one of boxes(all)) one.checked = box.checked;
    tell(all ?? box.name);
  });
}
