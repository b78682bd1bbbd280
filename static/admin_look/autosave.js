// Long texts are kept in this browser until they are saved, for whoever is logged in. Logging out forgets them all.
const PREFIX = "typed:"
const SENT = "typed-sent" // of this tab: the form that was sent last
const LONGEST_MS = 7 * 24 * 3600 * 1000
const PAUSE_MS = 1000

const offer = document.querySelector("[data-autosave]")
const form = offer?.closest("form")
const key = `${PREFIX}${offer?.dataset.autosave}:${location.pathname}`
const editors = new Map()
const first = new Map()
let timer = null

const kept = (name) => { try { return JSON.parse(localStorage.getItem(name)) } catch { return null } }
const allKept = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
const fields = () => [...form.querySelectorAll("textarea[name]")].filter((field) => !field.name.includes("__prefix__"))
const plain = (text) => text.replaceAll("\r\n", "\n")

function keep() {
  const changed = fields().filter((field) => plain(field.value) !== plain(first.get(field.name) ?? ""))
  if (!changed.length) return localStorage.removeItem(key)
  const texts = Object.fromEntries(changed.map((field) => [field.name, field.value]))
  try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), texts })) } catch { /* no room: as before */ }
}

function put(field, text) {
  field.value = text
  editors.get(field)?.commands.setContent(text)
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

function show(typed) {
  const found = offer.content.cloneNode(true).firstElementChild
  found.querySelector("time").textContent = new Date(typed.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })
  found.querySelector("[data-forget]").addEventListener("click", () => { localStorage.removeItem(key); found.remove() })
  found.querySelector("[data-bring]").addEventListener("click", () => {
    const places = new Map(fields().map((field) => [field.name, field]))
    const homeless = Object.entries(typed.texts).filter(([name]) => !places.has(name))
    Object.entries(typed.texts).forEach(([name, text]) => { if (places.has(name)) put(places.get(name), text) })
    const rest = document.createElement("pre")
    rest.textContent = homeless.map(([, text]) => text).join("\n\n")
    if (homeless.length) found.replaceChildren(rest)
    else found.remove()
  })
  form.prepend(found)
}

const isSaved = Boolean(document.querySelector(".messagelist .success"))
if (isSaved && sessionStorage.getItem(SENT)) localStorage.removeItem(sessionStorage.getItem(SENT))
sessionStorage.removeItem(SENT)
allKept().filter((name) => !(Date.now() - kept(name)?.at < LONGEST_MS)).forEach((name) => localStorage.removeItem(name))

document.addEventListener("prose-editor:ready", ({ detail }) => editors.set(detail.textarea, detail.editor))
document.querySelector("#logout-form")?.addEventListener("submit", () => {
  allKept().forEach((name) => localStorage.removeItem(name))
})

if (form) {
  const typed = kept(key)
  const differs = (field) => typed && field.name in typed.texts && plain(field.value) !== plain(typed.texts[field.name])
  const places = fields()
  const isOpen = typed && (places.some(differs) || Object.keys(typed.texts).some((name) => !form.elements[name]))
  if (isOpen) show(typed)
  else if (typed && !document.querySelector("[data-unsaved=typed]")) localStorage.removeItem(key)
  places.forEach((field) => first.set(field.name, field.value))
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, PAUSE_MS) })
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); sessionStorage.setItem(SENT, key) })
}
