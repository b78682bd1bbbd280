// Buttons that copy a text, or the field beside them. Without this file it can be selected and copied by hand.
const SAID_FOR = 3000; // milliseconds in which the button says that it has copied

for (const place of document.querySelectorAll("[data-copy-from], [data-copy-text]")) {
  const status = place.querySelector("[role=status]");
  place.classList.toggle("scripted", !navigator.clipboard);
  place.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copyText ?? document.getElementById(place.dataset.copyFrom).value);
    status.textContent = status.dataset.copied;
    setTimeout(() => { status.textContent = ""; }, SAID_FOR);
  });
}
