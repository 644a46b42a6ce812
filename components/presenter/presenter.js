const RING = "plainsight-pointer"
const NO_CONTROLS = "plainsight-no-controls"
const PICTURE = ".st-key-present_picture"
const CONTROLS = ".st-key-present_controls"
const LEAST_CONTROLS = 0.48 // of the page's type
const ROOMY = 200 // px of a chart that has more than it needs
const LEAST = 0.6 // of its size, to which a picture is shrunk
const SLACK = 0.96 // of the room that there is
const STEP = 0.03 // of its size, by which a picture is at least enlarged again
const REST_MS = 200 // without a change
const OFF = "plainsight:pointer-off" // for this tab, from page to page

/** A ring that the last row sees, dark within light so that it shows on every colour. */
function ring() {
  const made = document.createElement("div")
  made.id = RING
  made.setAttribute("aria-hidden", "true")
  made.style.cssText = "position:fixed;left:0;top:0;width:3.2vw;height:3.2vw;margin:-1.6vw 0 0 -1.6vw;border-radius:50%;box-sizing:border-box;pointer-events:none;z-index:1000000;border:0.3vw solid #e69f00;outline:2px solid #111;box-shadow:inset 0 0 0 2px #111;background:#ffd54a33;visibility:hidden"
  return made
}

const typing = element => element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName)

const box = node => node.getBoundingClientRect()

/** Keep picture and controls within the window: what is a little too high is shrunk as a whole. Gives its end. */
function fitting() {
  const root = document.documentElement
  let fit = 1, most = 1, timer = 0, state = ""
  const look = () => {
    const [picture, controls] = [PICTURE, CONTROLS].map(each => document.querySelector(each))
    if (!picture) return
    const { top, height } = box(picture)
    // what stands above it may leave while a page is drawn
    const now = [location.pathname, location.search.match(/_(view|said|predict)=[^&]*/g), innerWidth, innerHeight, Math.round(top)].join()
    if (now !== state) {
      state = now
      fit = most = 1
      for (const name of ["--fit", "--controls"]) root.style.removeProperty(name)
      return later() // what it holds draws itself anew first
    }
    const over = (Math.max(...[...picture.children].map(child => box(child).bottom)) - top) / height
    const roomy = [...picture.querySelectorAll(".stVegaLiteChart")].map(chart => box(chart.parentElement).height)
    if (over > 1.002) {
      most = fit
      root.style.setProperty("--fit", (fit = Math.max(LEAST, fit / over)))
    } else if (most - fit > STEP && (over < SLACK || Math.min(...roomy) > ROOMY && roomy.length)) {
      // shrunk too far, since its texts wrap otherwise now; never as large again as what was too large
      root.style.setProperty("--fit", (fit = Math.min(over < SLACK ? fit / over : 1, (fit + most) / 2)))
    }
    if (controls && controls.scrollHeight > controls.clientHeight + 1) {
      const zoom = parseFloat(getComputedStyle(controls).zoom)
      root.style.setProperty("--controls", Math.max(LEAST_CONTROLS, (0.99 * zoom * controls.clientHeight) / controls.scrollHeight))
    }
    for (const child of [...picture.children, ...(controls?.children ?? [])]) sizes.observe(child)
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
    }
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
