// What scripts put in place of a field has the name of the field: the box of an autocomplete, its search, the text editor.
const labelOf = (field) => field && document.querySelector(`label[for="${CSS.escape(field.id)}"]`)

function nameAfter(element, label, ...others) {
  label.id ||= `${label.htmlFor}_label`
  element.setAttribute("aria-labelledby", [label.id, ...others].join(" "))
}

function nameEditor(editor) {
  const label = labelOf(editor.parentElement.querySelector("textarea"))
  if (!label) return
  nameAfter(editor, label)
  label.addEventListener("click", () => editor.focus())
}

function nameBox(box) {
  const chosen = box.querySelector(".select2-selection__rendered")
  const label = labelOf(box.closest(".select2-container").previousElementSibling)
  if (!label) return
  nameAfter(box, label, ...(chosen.id ? [chosen.id] : []))
  for (const attribute of ["role", "aria-readonly"]) chosen.removeAttribute(attribute)  // select2 calls it a textbox
}

function nameChoices(results) {
  const label = labelOf(document.getElementById(results.id.replace(/^select2-(.*)-results$/, "$1")))
  if (!label) return
  nameAfter(results, label)
  const search = results.closest(".select2-dropdown").querySelector(".select2-search__field")
  if (search) nameAfter(search, label)
}

// A button of the editor that does nothing now says so by its class alone.
function tellDisabled(button) {
  const tell = () => button.setAttribute("aria-disabled", button.classList.contains("disabled"))
  tell()
  new MutationObserver(tell).observe(button, { attributeFilter: ["class"] })
}

const NAMED = {
  ".prose-menubar button": tellDisabled,
  ".prose-editor > .tiptap": nameEditor,
  ".select2-selection": nameBox,
  ".select2-results__options[id]": nameChoices,
  ".help-tooltip[aria-label]": (mark) => mark.setAttribute("role", "img"),
}
const known = new WeakSet()

function nameAll() {
  for (const [selector, name] of Object.entries(NAMED)) {
    for (const element of document.querySelectorAll(selector)) {
      if (!known.has(element)) name(element)
      known.add(element)
    }
  }
}

nameAll()
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true })
