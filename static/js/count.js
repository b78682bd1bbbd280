// Says under a text how many characters it has. Without this file the preview says it.
for (const number of document.querySelectorAll("[data-count-of]")) {
  const { countOf, text, limit } = number.dataset;
  const field = document.getElementById(countOf);
  const said = (count) => Number(count).toLocaleString(document.documentElement.lang);
  const show = () => { number.textContent = text.replace("{count}", said(field.value.length) + (limit ? ` / ${said(limit)}` : "")); };
  field.addEventListener("input", show);
  show();
  number.classList.remove("scripted");
}
