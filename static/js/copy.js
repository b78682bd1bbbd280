// Buttons that copy the field beside them. Without this file the field can be selected and copied by hand.
for (const row of document.querySelectorAll("[data-copy-from]")) {
  const field = document.getElementById(row.dataset.copyFrom);
  const status = row.querySelector("[role=status]");
  row.hidden = !navigator.clipboard;
  row.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    status.textContent = row.dataset.copied;
  });
}
