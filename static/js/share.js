// The device's share sheet and a copy button beside the plain links; each shows only where it works.
for (const box of document.querySelectorAll("[data-share]")) {
  const { url, title } = box.dataset;
  const sheet = box.querySelector("[data-share-sheet]");
  const copy = box.querySelector("[data-share-copy]");
  const status = box.querySelector("[data-share-status]");

  sheet.hidden = !navigator.share;
  copy.hidden = !navigator.clipboard;
  box.hidden = sheet.hidden && copy.hidden;

  sheet.addEventListener("click", () => navigator.share({ url, title }).catch(() => {}));
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(url);
    status.textContent = status.dataset.copied;
  });
}
