const NUMBER = "plainsight:browser" // one browser, one answer
const ROOM = "plainsight:room" // the room that this browser opened, and its secret

let unkept = "" // where nothing may be stored, the number lasts as long as the page

function stored(name) {
  try {
    return localStorage.getItem(name) ?? ""
  } catch {
    return ""
  }
}

function store(name, value) {
  try {
    if (value) localStorage.setItem(name, value)
    else localStorage.removeItem(name)
  } catch {
    // blocked by the visitor; the session goes on without
  }
}

/** This browser's number; randomUUID is not there on a plain http address of a local network. */
function number() {
  const known = stored(NUMBER) || unkept
  if (known) return known
  unkept = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("")
  store(NUMBER, unkept)
  return unkept
}

export default function ({ data, parentElement, setStateValue }) {
  if (data.keep) store(ROOM, data.keep)
  // another tab may have opened another room meanwhile
  if (data.drop && stored(ROOM) === data.drop) store(ROOM, "")
  // Kept as the component's state, so that a server that was started again is told what holds now.
  const kept = { number: number(), room: stored(ROOM) }
  const said = JSON.stringify(kept)
  if (parentElement.said === said) return
  parentElement.said = said
  setStateValue("kept", kept)
}
