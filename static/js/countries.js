// A list of countries in which one can type any name of a country, in any language of the site. The list itself stays
// the field that is sent; the other names are fetched, once, when somebody comes to it, and until then its own do.
const LETTERS = { đ: "d", ø: "o", ł: "l", ı: "i", ß: "ss" }; // that do not come apart into a letter and a mark
const plain = (text) =>
  text.normalize("NFKD").replace(/[\p{M}.’'\u05F3]/gu, "").toLowerCase().replace(/[đøłıß]/g, (letter) => LETTERS[letter])
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 96)) // as typed before it is converted
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const files = {};
const fetched = (address) => {
  files[address] = files[address] || fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject()));
  files[address].catch(() => delete files[address]); // the next visit to the field asks again
  return files[address];
};

const [WHOLE, CODE, START, WORD, PART] = [0, 0.75, 1, 2, 3];
const OTHER = 0.5; // for a name that is not shown in the list
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
  input.name = select.dataset.words; // words for which nothing was chosen are sent, and shown again
  const list = Object.assign(document.createElement("ul"), { id: `${select.id}_names`, className: "combobox-list", hidden: true });
  const status = document.getElementById(`${select.id}_status`);
  let isTyped = false; // and nothing is chosen for it yet
  let isComposing = false; // what is typed is still to become other characters
  let isMoved = false; // to a row, by the arrows
  let earlier = ""; // what was chosen before something was typed
  let active = null;

  const chosen = () => (select.value ? select.selectedOptions[0].text : "");
  const words = () => (isTyped ? plain(input.value) : "");
  const set = (element, attributes) => {
    for (const name in attributes) if (attributes[name] !== null) element.setAttribute(name, attributes[name]);
  };

  function found() {
    const typed = words();
    if (!typed) return countries.map((country) => ({ country, by: country.names[0], rank: WHOLE }));
    const code = input.value.trim(); // as it is written: “ge” begins a name
    const ranked = countries.map((country) => {
      let best = { country, by: country.names[0], rank: country.code === code ? CODE : Infinity };
      country.names.forEach((by, i) => {
        const rank = closeness(by.plain, typed) + (i ? OTHER : 0);
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
    status.textContent = rows.length || isComposing ? "" : select.dataset.none;
    input.setAttribute("aria-expanded", String(Boolean(rows.length)));
    isMoved = false;
    activate((words() ? rows[0] : rows.find((row) => row.dataset.code === select.value)) || null);
  }

  function close() {
    list.hidden = true;
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
    status.textContent = "";
    close();
  }

  // What was typed and left is taken if it can only mean one country; else nothing is chosen, and the words stay.
  function leave() {
    if (!words()) return show();
    const matches = found();
    const meant = matches.filter((one) => one.rank < START);
    const only = meant.length === 1 ? meant[0] : !meant.length && matches.length === 1 && matches[0];
    if (only) return choose(only.country.code);
    status.textContent = matches.length ? select.dataset.unclear : select.dataset.none;
    close();
  }

  function move(step) {
    if (list.hidden) open();
    const rows = [...list.children];
    const place = rows.indexOf(active);
    activate(rows[place < 0 && step < 0 ? rows.length - 1 : (place + step + rows.length) % rows.length] || null);
    isMoved = true;
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
    if (!isTyped) {
      earlier = select.value;
      // Room for the list above the keyboard of a phone; a smooth way there ends where the browser sees the caret.
      if (matchMedia("(hover: none)").matches) input.scrollIntoView({ behavior: "instant" });
    }
    isTyped = true;
    select.value = "";
    open();
  });
  input.addEventListener("compositionstart", () => { isComposing = true; });
  input.addEventListener("compositionend", () => {
    isComposing = false;
    if (isTyped && document.activeElement === input) open();
  });
  input.addEventListener("blur", leave);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // in Safari the Enter that ends composing comes after it
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && isOpen && active) choose(active.dataset.code);
    else if (event.key === "Enter" && words()) open();
    else if (event.key === "Escape" && isTyped) choose(earlier);
    else if (event.key === "Escape" && isOpen) show();
    else {
      if (event.key === "Tab" && isOpen && active && isMoved) choose(active.dataset.code);
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
  addEventListener("pageshow", () => { if (!isTyped || select.value) show(); }); // as the browser has filled it in

  set(input, {
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
  });
  set(list, { role: "listbox", "aria-label": label.textContent.trim() });
  set(select, { id: `${select.id}_list`, tabindex: "-1", "aria-hidden": "true" });
  select.before(box);
  box.append(select, input, list);
  show();
  if (select.dataset.typed) {
    input.value = select.dataset.typed;
    isTyped = true;
  }
}

for (const select of document.querySelectorAll("select[data-names]")) if (!select.closest(".combobox")) enhance(select);
