// When an empty run is over, Streamlit takes away what was drawn, and its parameters out of the address.
// Then the address is told once more: nothing of the step before is left that could answer for it.
const LOOK_MS = 10
const AGAIN_MS = 3000 // the message may have been lost to another one

const step = query => Number(new URLSearchParams(query).get("step")) - 1

let next // of whichever was drawn last

export default function ({ data, parentElement }) {
  clearTimeout(next)
  const began = performance.now()
  const look = () => {
    if (!parentElement.isConnected) return
    const turnedOn = history.lessonStep !== step(data.query) && performance.now() - began < AGAIN_MS
    if (turnedOn || document.querySelector(".st-key-frame_head")) return void (next = setTimeout(look, LOOK_MS))
    history.replaceState(null, "", `?${data.query}`)
    window.dispatchEvent(new PopStateEvent("popstate"))
    next = setTimeout(look, AGAIN_MS)
  }
  next = setTimeout(look, LOOK_MS)
  return () => clearTimeout(next)
}
