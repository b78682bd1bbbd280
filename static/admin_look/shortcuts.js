// A list is gone through by the keyboard: the focus moves from row to row, and a key chooses an act for what is ticked.
// Nothing is done by one key: it leads to the button that does it. The panel (admin/shortcuts.html) holds all texts.
const CHOSEN = "shortcuts-row" // of this tab: the row from which an act was sent
const OFF = "shortcuts-off" // in this browser, for whoever speaks to the computer and would press keys unawares
const panel = document.querySelector("[data-shortcuts]")
const list = document.querySelector("#changelist-form")
const actions = list?.querySelector("select[name=action]")
const spoken = document.querySelector("[data-shortcuts-spoken]")
const isOn = panel?.querySelector("[data-on]")

const boxes = () => [...list.querySelectorAll(".action-select")]
const ticked = () => boxes().filter((box) => box.checked)
const here = () => document.activeElement.closest?.("#result_list tbody tr")?.querySelector(".action-select")
const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
const optionOf = (act) => [...actions.options].find((option) => option.value === act)
let last = null // the row that had the focus last
let isChosen = false // by a key, so that the keyboard goes on from there

function go(by) {
  const rows = boxes()
  const from = rows.indexOf(here() ?? last)
  const row = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))]
  row?.focus()
  row?.scrollIntoView({ block: "nearest" })
}

function choose(act) {
  const option = optionOf(act)
  const row = here() ?? last
  if (!ticked().length) row?.click()
  const number = ticked().length
  if (!number) { spoken.textContent = panel.dataset.nothing; return }
  actions.value = option.value
  isChosen = true
  const button = actions.closest(".actions").querySelector("button")
  button.focus()
  spoken.textContent = said(panel.dataset.ready, { act: option.text, number })
}

function leave() {
  actions.value = ""
  isChosen = false
  ;(last ?? boxes()[0])?.focus()
  spoken.textContent = panel.dataset.left
}

function act(key, target) {
  const isInList = target.closest("#result_list tbody")
  if (key === "?") { panel.open = !panel.open; if (panel.open) panel.querySelector("summary").focus() }
  else if (key === "j" || (key === "ArrowDown" && isInList)) go(1)
  else if (key === "k" || (key === "ArrowUp" && isInList)) go(-1)
  else if (key === "x" && here()) here().click()
  else if (key === "Escape" && actions.value && target.closest(".actions")) leave()
  else {
    const chosen = panel.querySelector(`[data-key="${CSS.escape(key)}"]:not([hidden])`)
    if (!chosen) return false
    choose(chosen.dataset.act)
  }
  return true
}

const isTyping = (target) => target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox])")

function equip() {
  for (const line of panel.querySelectorAll("[data-act]")) {
    line.hidden = !optionOf(line.dataset.act)
    line.querySelector("dd").textContent = optionOf(line.dataset.act)?.text
  }
  isOn.checked = !localStorage.getItem(OFF)
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(OFF)
    else localStorage.setItem(OFF, "1")
  })
  list.addEventListener("focusin", () => { last = here() ?? last })
  list.addEventListener("submit", () => { if (isChosen) sessionStorage.setItem(CHOSEN, boxes().indexOf(last)) })
  document.addEventListener("keydown", (event) => {
    const isOurs = isOn.checked && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing
    if (isOurs && !isTyping(event.target) && act(event.key, event.target)) event.preventDefault()
  })
  panel.hidden = false
}

// After an act the page is new: what was done is said, and the focus stands on the row that has come to that place.
function goOn() {
  const place = sessionStorage.getItem(CHOSEN)
  sessionStorage.removeItem(CHOSEN)
  const told = [...document.querySelectorAll(".messagelist li")].map((line) => line.firstChild?.textContent.trim()).join(" ")
  if (place === null || !told) return
  const rows = boxes()
  rows[Math.min(Number(place), rows.length - 1)]?.focus()
  spoken.textContent = told
}

if (panel && actions) equip()
if (panel) goOn()
