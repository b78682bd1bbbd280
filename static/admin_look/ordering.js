// Rows with an order field get a handle to drag and two buttons; the field itself stays and works without script.
const LABELS = { up: "↑", down: "↓", drag: "⠿" }
const STEP = 10
let dragged = null

const rowOf = (field) => field.closest(".inline-related:not(.tabular), tr.form-row")
const rowsOf = (list) =>
  [...list.children].filter((row) => row.querySelector("[data-order]") && !row.matches(".empty-form"))

function number(list) {
  rowsOf(list).forEach((row, place) => { row.querySelector("[data-order]").value = (place + 1) * STEP })
}

function move(row, by) {
  const rows = rowsOf(row.parentElement)
  const other = rows[rows.indexOf(row) + by]
  if (!other) return
  other[by < 0 ? "before" : "after"](row)
  number(row.parentElement)
}

function control(field, name, act) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `order-${name}`
  button.textContent = LABELS[name]
  button.title = field.dataset[name]
  button.setAttribute("aria-label", field.dataset[name])
  button.addEventListener("click", () => { act(); button.focus() })
  return button
}

function equip(field) {
  const row = rowOf(field)
  if (!row || row.matches(".empty-form") || row.querySelector(".order-up")) return
  const handle = control(field, "drag", () => {})
  handle.draggable = true
  handle.tabIndex = -1
  handle.addEventListener("dragstart", (event) => {
    dragged = row
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setDragImage(row, 0, 0)
  })
  handle.addEventListener("dragend", () => { if (dragged) number(dragged.parentElement); dragged = null })
  row.addEventListener("dragover", (event) => {
    if (!dragged || dragged === row || dragged.parentElement !== row.parentElement) return
    event.preventDefault()
    const box = row.getBoundingClientRect()
    row[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged)
  })
  field.after(control(field, "up", () => move(row, -1)), control(field, "down", () => move(row, 1)), handle)
}

const equipAll = (root) => root.querySelectorAll("[data-order]").forEach(equip)
equipAll(document)
document.addEventListener("formset:added", (event) => {
  equipAll(event.target)
  number(event.target.parentElement)
})
