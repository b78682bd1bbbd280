// The device's share sheet beside the plain links; its button shows only where there is one.
for (const button of document.querySelectorAll("[data-share]")) {
  const { url, title } = button.dataset;
  button.classList.toggle("scripted", !navigator.share);
  button.addEventListener("click", () => navigator.share({ url, title }).catch(() => {}));
}
