const RING = "plainsight-pointer"
const NO_CONTROLS = "plainsight-no-controls"
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
  window.addEventListener("pointermove", follow)
  document.documentElement.addEventListener("pointerleave", leave)
  window.addEventListener("keydown", onKey)
  return () => {
    window.removeEventListener("pointermove", follow)
    document.documentElement.removeEventListener("pointerleave", leave)
    window.removeEventListener("keydown", onKey)
    document.documentElement.classList.remove(NO_CONTROLS)
    pointer.remove()
  }
}
