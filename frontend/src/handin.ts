// A form marked data-drop takes a file that is dragged onto it and shows how far the sending is.

export function watchDrop(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-drop-place]");
  const field = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!place || !field) return;
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files || files.length === 0) return;
    field.files = files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", () => {
    const name = form.querySelector<HTMLElement>("[data-drop-name]");
    if (name) name.textContent = field.files?.[0]?.name ?? "";
    // Whose it is must be known before it is sent; where it is, nobody needs another press.
    if (field.files?.length && form.checkValidity()) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function send(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-drop-send]");
  const progress = form.querySelector<HTMLElement>("[data-drop-progress]");
  const bar = progress?.querySelector("progress");
  const percent = form.querySelector<HTMLElement>("[data-drop-percent]");
  if (button?.disabled) return;
  if (button) button.disabled = true;
  progress?.removeAttribute("hidden");
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => {
    const share = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
    if (bar) bar.value = share;
    if (percent) percent.textContent = `${share} %`;
  };
  const stop = (trouble: string): void => {
    if (button) button.disabled = false;
    progress?.setAttribute("hidden", "");
    const place = form.querySelector<HTMLElement>("[data-drop-trouble]");
    const words = place?.querySelector("div");
    if (words) words.textContent = trouble;
    place?.removeAttribute("hidden");
  };
  request.onload = () => {
    const told = answer(request.responseText);
    if (told.address) location.assign(told.address);
    else stop(told.trouble ?? form.dataset.dropFailed ?? "");
  };
  request.onerror = () => stop(form.dataset.dropFailed ?? "");
  request.send(new FormData(form));
}

function answer(text: string): { address?: string; trouble?: string } {
  try {
    return JSON.parse(text) as { address?: string; trouble?: string };
  } catch {
    return {}; // A page instead: signed out meanwhile, or too large for the server.
  }
}
