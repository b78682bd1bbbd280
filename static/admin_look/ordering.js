// Rows with an order field get a handle to drag and two buttons; the field itself stays and works without script.
// Rows with `data-place` (the number) stand where they are; the others can be moved past them.
const LABELS = { up: "↑", down: "↓", drag: "⠿" }
const STEP = 10
const ROW = ".inline-related:not(.tabular), tr.form-row, [data-row]"
let dragged = null

const spoken = document.createElement("p")
spoken.className = "visually-hidden"
spoken.setAttribute("role", "status")
document.querySelector("main, body").append(spoken)

const rowOf = (field) => field.closest(ROW)
const fieldOf = (row) => row.querySelector("[data-order]")
const nameOf = (row) => row.querySelector(".inline_label, .original p, [data-name]")?.textContent.trim() ?? ""
const rowsOf = (list) =>
  [...list.children].filter((row) => row.matches("[data-place]") || (fieldOf(row) && !row.matches(".empty-form")))

// Evenly between the rows that stay in their place, and in steps after the last of them.
function number(list) {
  let from = 0
  let run = []
  const spread = (step) => run.forEach((row, place) => { fieldOf(row).value = from + Math.floor((place + 1) * step) })
  for (const row of rowsOf(list)) {
    if (!row.dataset.place) { run.push(row); continue }
    const to = Number(row.dataset.place)
    spread((to - from) / (run.length + 1))
    from = to
    run = []
  }
  spread(STEP)
}

function moved(row) {
  const rows = rowsOf(row.parentElement)
  number(row.parentElement)
  const field = fieldOf(row)
  field.dispatchEvent(new Event("input", { bubbles: true }))
  const words = field.dataset.moved.replace("{place}", rows.indexOf(row) + 1).replace("{all}", rows.length)
  spoken.textContent = [nameOf(row), words].filter(Boolean).join(": ")
}

function move(row, by) {
  const rows = rowsOf(row.parentElement)
  const other = rows[rows.indexOf(row) + by]
  if (other) other[by < 0 ? "before" : "after"](row)
  moved(row)
}

function control(field, name, act) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `order-${name}`
  button.textContent = LABELS[name]
  button.title = field.dataset[name]
  button.setAttribute("aria-label", [field.dataset[name], nameOf(rowOf(field))].filter(Boolean).join(": "))
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
  handle.addEventListener("dragend", () => { if (dragged) moved(dragged); dragged = null })
  field.after(control(field, "up", () => move(row, -1)), control(field, "down", () => move(row, 1)), handle)
}

document.addEventListener("dragover", (event) => {
  const row = event.target.closest?.(ROW)
  if (!row || !dragged || dragged === row || dragged.parentElement !== row.parentElement) return
  event.preventDefault()
  const box = row.getBoundingClientRect()
  row[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged)
})

const equipAll = (root) => root.querySelectorAll("[data-order]").forEach(equip)
equipAll(document)
document.addEventListener("formset:added", (event) => {
  equipAll(event.target)
  number(event.target.parentElement)
})
