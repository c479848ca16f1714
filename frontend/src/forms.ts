// Forms marked data-autosubmit send themselves when a choice changes; without script their button does the same.

export function watchForms(): void {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    if (field.type === "search" || field.type === "text") return;
    field.closest<HTMLFormElement>("form[data-autosubmit]")?.requestSubmit();
  });
  // An address that reproduces the view should not carry the filters that were left empty.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-autosubmit")) return;
    // htmx sends such a form in place, and its server answers with the short address.
    if (form.hasAttribute("hx-get")) return;
    for (const field of form.elements) {
      if ((field instanceof HTMLSelectElement || field instanceof HTMLInputElement) && field.value === "") field.disabled = true;
    }
    // Back from the page cache must find a form that can be used again.
    window.addEventListener("pageshow", () => {
      for (const field of form.elements) {
        if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.disabled = false;
      }
    }, { once: true });
  });
}
