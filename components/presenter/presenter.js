const RING = "plainsight-pointer"
const NO_CONTROLS = "plainsight-no-controls"
const PICTURE = ".st-key-present_picture"
const CONTROLS = ".st-key-present_controls"
const WORDS = "[data-testid=stMain] [data-testid=stMarkdownContainer]"
const LEAST_CONTROLS = 0.48 // of the page's type
const LEAST = 0.6 // of its size, to which a picture is shrunk
const WITHIN = 1.002 // of the room that there is
const STEP = 0.02 // of its size, by which a picture is at least enlarged again
const AGAIN = 8 // times that a picture which changes by itself may grow again
const REST_MS = 150 // without a change
const DARK = "plainsight-dark"
const OFF = "plainsight:pointer-off" // for this tab, from page to page

/** A ring that the last row sees, dark within light so that it shows on every colour. */
function ring() {
  const made = document.createElement("div")
  made.id = RING
  made.setAttribute("aria-hidden", "true")
  made.style.cssText = "position:fixed;left:0;top:0;width:3.2vw;height:3.2vw;margin:-1.6vw 0 0 -1.6vw;border-radius:50%;box-sizing:border-box;pointer-events:none;z-index:1000000;border:0.3vw solid #e69f00;outline:2px solid #111;box-shadow:inset 0 0 0 2px #111;background:#ffd54a33;visibility:hidden"
  return made
}

/** Nothing to look at, as a clicker's black screen; any key or press ends it. */
function darken() {
  const dark = document.body.appendChild(document.createElement("div"))
  dark.id = DARK
  dark.style.cssText = "position:fixed;inset:0;z-index:1000001;background:#000"
  const end = event => {
    for (const type of ["keydown", "pointerdown"]) window.removeEventListener(type, end, true)
    dark.remove()
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  for (const type of ["keydown", "pointerdown"]) window.addEventListener(type, end, true)
}

const typing = element => element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName)

const box = node => node.getBoundingClientRect()

/** The largest share from low to high that fits, where a smaller one fits rather than a larger; low where none does. */
export function largest(fits, low, high) {
  if (fits(high)) return high
  for (let turn = 0; turn < 6; turn++) {
    const half = (low + high) / 2
    if (fits(half)) low = half
    else high = half
  }
  return low
}

/** Keep picture and controls within the window: what is a little too high is shrunk as a whole, as little as can be.
 * A picture draws itself anew in what it is given, so that each size is judged once that has come to rest, and one
 * that was too large is not tried again until something else changes. Gives its end. */
function fitting() {
  const root = document.documentElement
  let fit = 1, good = 0, most = Infinity, timer = 0, state = "", rested = 0, done = false, turns = 0
  const look = () => {
    const [picture, controls] = [PICTURE, CONTROLS].map(each => document.querySelector(each))
    if (!picture) return
    const set = size => root.style.setProperty("--fit", (fit = size))
    const over = () => {
      const { top, height } = box(picture)
      const bottom = Math.max(...[...picture.children].map(child => box(child).bottom))
      return Math.round((1000 * (bottom - top)) / height) / 1000
    }
    for (const child of [...picture.children, ...(controls?.children ?? [])]) sizes.observe(child)
    const words = [...document.querySelectorAll(WORDS)].map(each => each.textContent)
    // what stands above it may leave while a page is drawn
    const now = [location.pathname, location.search.match(/_(view|said|predict)=[^&]*/g), innerWidth, innerHeight, Math.round(box(picture).top), ...words].join()
    if (now !== state) {
      state = now
      good = 0 // the size that fitted
      most = Infinity // the least that was too large
      turns = 0
      root.style.removeProperty("--controls")
    }
    if (controls && controls.scrollHeight > controls.clientHeight + 1) {
      const zoom = parseFloat(getComputedStyle(controls).zoom)
      root.style.setProperty("--controls", Math.max(LEAST_CONTROLS, (0.99 * zoom * controls.clientHeight) / controls.scrollHeight))
    }
    const measured = over()
    if (measured !== rested) {
      if (done && turns++ < AGAIN) [good, most] = [0, Infinity] // what it holds has changed
      rested = measured
      done = false
      return later()
    }
    const before = fit
    const fits = size => {
      set(size)
      return over() <= WITHIN
    }
    if (measured > WITHIN) {
      most = before
      set(largest(fits, good || Math.max(LEAST, before / measured ** 2), before))
    } else {
      good = before
      if (before < 1 && most - before > STEP) set(largest(fits, before, most <= 1 ? (before + most) / 2 : 1))
    }
    done = fit === before
    if (!done) later()
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(look, REST_MS)
  }
  const sizes = new ResizeObserver(later)
  const changes = new MutationObserver(later)
  changes.observe(document.body, { childList: true, subtree: true, characterData: true })
  window.addEventListener("resize", later)
  later()
  return () => {
    clearTimeout(timer)
    sizes.disconnect()
    changes.disconnect()
    window.removeEventListener("resize", later)
    for (const name of ["--fit", "--controls"]) root.style.removeProperty(name)
  }
}

export default function () {
  const pointer = document.getElementById(RING) ?? document.body.appendChild(ring())
  const off = () => sessionStorage.getItem(OFF) === "1"
  const follow = event => {
    if (event.pointerType === "touch") return
    pointer.style.translate = `${event.clientX}px ${event.clientY}px`
    pointer.style.visibility = off() ? "hidden" : "visible"
  }
  const leave = () => (pointer.style.visibility = "hidden")
  const onKey = event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.composedPath()[0])) return
    const key = event.key.toLowerCase()
    if (key === "p") {
      sessionStorage.setItem(OFF, off() ? "" : "1")
      pointer.style.visibility = off() ? "hidden" : "visible"
    } else if (key === "c") {
      document.documentElement.classList.toggle(NO_CONTROLS)
      window.dispatchEvent(new Event("resize"))
    } else if (key === "b" || key === ".") darken()
  }
  const end = fitting()
  window.addEventListener("pointermove", follow)
  document.documentElement.addEventListener("pointerleave", leave)
  window.addEventListener("keydown", onKey)
  return () => {
    end()
    window.removeEventListener("pointermove", follow)
    document.documentElement.removeEventListener("pointerleave", leave)
    window.removeEventListener("keydown", onKey)
    document.documentElement.classList.remove(NO_CONTROLS)
    pointer.remove()
  }
}
