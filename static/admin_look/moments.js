// Beside each day and time, which are in UTC: the same moment for whoever looks, whether it has passed, and the change
// of their clocks before it.
const { here, passed, change: changing, now: nowHere } = document.querySelector("[data-moments]").dataset
const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ")
const IS_UTC = ["UTC", "Etc/UTC", "GMT", "Etc/GMT"].includes(ZONE)
const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * MINUTE_MS
const DAYS_AHEAD = 400
const IN_FULL = { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }
const DATE = { day: "numeric", month: "long", year: "numeric" }
const TIME = { hour: "2-digit", minute: "2-digit" }

const offset = (at) => new Date(at).getTimezoneOffset()
const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
const words = (at, how) => new Date(at).toLocaleString(LANGUAGE, how)

function changeOfClocks(from, until) {
  let [before, after] = [from, Math.min(until, from + DAYS_AHEAD * DAY_MS)]
  for (let day = from; day < after; day += DAY_MS) {
    if (offset(day) !== offset(from)) { after = day; break }
    before = day
  }
  if (offset(after) === offset(from)) return null
  while (after - before > MINUTE_MS) {
    const middle = (before + after) / 2
    if (offset(middle) === offset(from)) before = middle
    else after = middle
  }
  return after
}

function remarks(at) {
  const now = Date.now()
  const found = IS_UTC ? [] : [said(here, { zone: ZONE, time: words(at, IN_FULL) })]
  if (at <= now) found.push(passed)
  const change = changeOfClocks(now, at)
  if (change !== null) found.push(said(changing, { day: words(change, DATE) }))
  return found.join(" ")
}

// A day and a time as they may be typed (campaign/formats), as Date.parse reads them; else nothing.
const YEAR_FIRST = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/
const DAY_FIRST = /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/
const CLOCK = /^(?<hour>\d{1,2})([:.](?<minute>\d{1,2}))?([:.]\d{1,2})?( Uhr)?$/
const two = (digits = "0") => digits.padStart(2, "0")

function iso(text) {
  const [first, rest = ""] = text.trim().split(/[T\s]+(.*)/)
  const date = (YEAR_FIRST.exec(first) ?? DAY_FIRST.exec(first))?.groups
  const time = CLOCK.exec(rest)?.groups
  return date && time ? `${date.year}-${two(date.month)}-${two(date.day)}T${two(time.hour)}:${two(time.minute)}Z` : ""
}

function follow(inputs, place) {
  const told = document.createElement("small")
  told.className = "moment"
  told.setAttribute("aria-live", "polite")
  place.after(told)
  const tell = () => {
    const at = Date.parse(iso(inputs.map((input) => input.value.trim()).join(" ")))
    told.textContent = Number.isNaN(at) ? "" : remarks(at)
  }
  // Django's calendar and clock set values without an event.
  inputs.forEach((input) => ["input", "change", "focus", "blur"].forEach((kind) => input.addEventListener(kind, tell)))
  tell()
}

document.querySelectorAll("p.datetime").forEach((both) => follow([...both.querySelectorAll("input")], both))
document.querySelectorAll("input[type=datetime-local]").forEach((input) => follow([input], input))

const clock = document.querySelector("[data-clock]")
const utc = new Date().toISOString().slice(11, 16)
if (clock && !IS_UTC) clock.textContent = said(nowHere, { utc, zone: ZONE, time: words(Date.now(), TIME) })
