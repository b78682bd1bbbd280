// Says under a letter how many characters it will have with the writer's own reasons in it, as the preview does
// (letters/wizard/body_text.py: with_reasons). Without this file only the preview says it.
const reasons = [...document.querySelectorAll('[name^="reason_"]')];

const sentence = (text) => {
  const line = text.split(/\s+/).filter(Boolean).join(" ");
  return !line || '.!?…)"”'.includes(line.slice(-1)) ? line : `${line}.`;
};

const length = (body) => {
  const paragraph = reasons.map((field) => sentence(field.value)).filter(Boolean).join(" ");
  return [...body.trim()].length + (paragraph ? [...paragraph].length + 2 : 0); // with the empty line between
};

for (const number of document.querySelectorAll("[data-count-of]")) {
  const { countOf, text, limit } = number.dataset;
  const field = document.getElementById(countOf);
  const said = (count) => Number(count).toLocaleString(`${document.documentElement.lang}-u-nu-latn`);
  const show = () => { number.textContent = text.replace("{count}", said(length(field.value)) + (limit ? ` / ${said(limit)}` : "")); };
  for (const typed of [field, ...reasons]) { typed.addEventListener("input", show); }
  show();
  number.classList.remove("scripted");
}
