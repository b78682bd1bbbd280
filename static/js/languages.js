// Closes the list of languages on Escape. Without this file a second press on its button does.
const list = document.querySelector(".languages");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !list.open) return;
  if (list.contains(document.activeElement)) list.querySelector("summary").focus();
  list.open = false;
});
