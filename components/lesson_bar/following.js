// Follows a link to a step of a lesson within the session, as turning.js turns a step; with a modifier the browser opens it.
const STEPS = "a.play, .lesson-step a"

export default function () {
  const onClick = event => {
    const link = event.target.closest?.(STEPS)
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    history.lessonStep = Number(new URL(link.href).searchParams.get("step")) - 1
    history.pushState({ turned: true }, "", link.href)
    window.dispatchEvent(new PopStateEvent("popstate"))
  }
  document.addEventListener("click", onClick)
  return () => document.removeEventListener("click", onClick)
}
