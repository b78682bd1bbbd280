// A second click while the first answer is on its way sends nothing; after ten seconds, or back on the page, it may.
const free = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};

for (const form of document.querySelectorAll("form[data-submit-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "true";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    setTimeout(free, 10_000, form);
  });
  addEventListener("pageshow", () => free(form));
}
