// A list of countries in which one can type any name of a country, in any language of the site. The list itself stays
// the field that is sent; the other names are fetched, once, when somebody comes to it, and until then its own do.
const plain = (text) =>
  text.normalize("NFKD").replace(/[\p{M}.’']/gu, "").toLowerCase().replace(/ß/g, "ss")
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 96)) // as typed before it is converted
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const files = {};
const fetched = (address) => {
  files[address] = files[address] || fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject()));
  files[address].catch(() => delete files[address]); // the next visit to the field asks again
  return files[address];
};

const [WHOLE, START, WORD, PART] = [0, 1, 2, 3];
function closeness(name, typed) {
  if (name === typed) return WHOLE;
  if (name.startsWith(typed)) return START;
  if (name.includes(` ${typed}`)) return WORD;
  return name.includes(typed) ? PART : Infinity;
}

function enhance(select) {
  const label = select.labels[0];
  const none = select.options[0].text;
  const countries = [...select.options].filter((one) => one.value).map((one) => ({
    code: one.value,
    label: one.text,
    names: [{ text: one.text, plain: plain(one.text) }],
  }));
  const box = Object.assign(document.createElement("div"), { className: "combobox" });
  const input = Object.assign(document.createElement("input"), { type: "text", id: select.id, autocomplete: "off", placeholder: none });
  const list = Object.assign(document.createElement("ul"), { id: `${select.id}_names`, hidden: true });
  const status = Object.assign(document.createElement("p"), { className: "combobox-status" });
  let isTyped = false; // and nothing is chosen for it yet
  let active = null;

  const chosen = () => (select.value ? select.selectedOptions[0].text : "");
  const set = (element, attributes) => {
    for (const name in attributes) if (attributes[name] !== null) element.setAttribute(name, attributes[name]);
  };

  function found() {
    const typed = isTyped ? plain(input.value) : "";
    if (!typed) return countries.map((country) => ({ country, by: country.names[0], rank: 0 }));
    const ranked = countries.map((country) => {
      let best = { country, by: country.names[0], rank: country.code.toLowerCase() === typed ? WHOLE : Infinity };
      country.names.forEach((by, i) => {
        const rank = closeness(by.plain, typed) + (i ? 0.5 : 0); // the name that is shown, before the others
        if (rank < best.rank) best = { country, by, rank };
      });
      return best;
    });
    return ranked.filter((one) => one.rank < Infinity).sort((a, b) => a.rank - b.rank);
  }

  function activate(row) {
    if (active) active.setAttribute("aria-selected", "false");
    active = row;
    if (!row) return input.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", row.id);
    list.scrollTop = row.offsetTop - (list.clientHeight - row.offsetHeight) / 2;
  }

  function open() {
    const rows = found().map(({ country, by }) => {
      const row = document.createElement("li");
      row.append(country.label);
      if (by !== country.names[0]) row.append(" ", Object.assign(document.createElement("bdi"), { textContent: by.text }));
      set(row, { role: "option", id: `${list.id}_${country.code}`, "data-code": country.code, "aria-selected": "false" });
      return row;
    });
    list.replaceChildren ? list.replaceChildren(...rows) : ((list.textContent = ""), list.append(...rows));
    list.hidden = !rows.length;
    status.textContent = rows.length ? "" : select.dataset.none;
    input.setAttribute("aria-expanded", String(Boolean(rows.length)));
    activate((isTyped && input.value ? rows[0] : rows.find((row) => row.dataset.code === select.value)) || null);
  }

  function close() {
    list.hidden = true;
    status.textContent = "";
    activate(null);
    input.setAttribute("aria-expanded", "false");
  }

  function choose(code) {
    select.value = code;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show() {
    isTyped = false;
    input.value = chosen();
    close();
  }

  // What was typed and left is taken if it can only mean one country; else nothing is chosen, and the words stay.
  function leave() {
    if (!isTyped) return close();
    const matches = found();
    const meant = matches.filter((one) => one.rank < START);
    const only = meant.length ? meant[0] : matches.length === 1 && matches[0];
    if (input.value && only) choose(only.country.code);
    else close();
  }

  function move(step) {
    if (list.hidden) open();
    const rows = [...list.children];
    const place = rows.indexOf(active);
    activate(rows[place < 0 && step < 0 ? rows.length - 1 : (place + step + rows.length) % rows.length] || null);
  }

  input.addEventListener("focus", () => {
    input.select();
    fetched(select.dataset.names).then((all) => {
      for (const country of countries) {
        if (country.names.length > 1) return;
        for (const text of all[country.code] || []) if (text !== country.label) country.names.push({ text, plain: plain(text) });
      }
      if (isTyped) document.activeElement === input ? open() : leave();
    }, () => {});
  });
  input.addEventListener("click", open);
  input.addEventListener("input", () => {
    isTyped = true;
    select.value = "";
    open();
  });
  input.addEventListener("blur", leave);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && isOpen && active) choose(active.dataset.code);
    else if (event.key === "Escape" && (isOpen || isTyped)) show();
    else {
      if (event.key === "Tab" && isOpen && active) choose(active.dataset.code);
      return;
    }
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) choose(row.dataset.code);
  });
  select.addEventListener("change", show); // also when the browser fills it in
  addEventListener("pageshow", () => { if (!isTyped) show(); });

  set(input, {
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
  });
  set(list, { role: "listbox", "aria-label": label.textContent.trim() });
  status.setAttribute("role", "status");
  set(select, { id: `${select.id}_list`, tabindex: "-1", "aria-hidden": "true" });
  select.before(box);
  box.append(select, input, list, status);
  show();
}

for (const select of document.querySelectorAll("select[data-names]")) if (!select.closest(".combobox")) enhance(select);
