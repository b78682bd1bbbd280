// Says under a text how many characters it has. Without this file the preview says it.
for (const field of document.querySelectorAll("[data-count]")) {
  const number = document.createElement("p");
  number.className = "hint";
  field.after(number);
  const said = (count) => Number(count).toLocaleString(document.documentElement.lang);
  const limit = field.dataset.limit ? ` / ${said(field.dataset.limit)}` : "";
  const show = () => { number.textContent = field.dataset.count.replace("{count}", said(field.value.length) + limit); };
  field.addEventListener("input", show);
  show();
}
