// Says under a text how many characters it has. Without this file the preview says it.
for (const field of document.querySelectorAll("[data-count]")) {
  const number = document.createElement("p");
  number.className = "hint";
  field.after(number);
  const show = () => { number.textContent = field.value.length.toLocaleString(document.documentElement.lang); };
  field.addEventListener("input", show);
  show();
}
