// On a narrow screen each row of a table becomes a card (look.css), so that nothing scrolls sideways. Each cell then says
// the head of its column, unless that is hidden on a wide screen, too.
function head(cell) {
  return (cell.querySelector(".text") ?? cell).textContent.replace(/\s+/g, " ").trim()
}

function prepare(table) {
  const shown = table.tHead?.matches(".visually-hidden") ? null : table.tHead
  const heads = [...(shown?.rows[0]?.cells ?? [])].map(head)
  for (const row of table.tBodies[0]?.rows ?? []) {
    for (const cell of row.cells) if (heads[cell.cellIndex]) cell.dataset.head = heads[cell.cellIndex]
  }
  table.toggleAttribute("data-cards", true)
}

document.querySelectorAll("#content table").forEach(prepare)
document.addEventListener("formset:added", (event) => {
  const table = event.target.closest("table")
  if (table) prepare(table)
})
