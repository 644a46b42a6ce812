// Saves what a part of the page shows, as SVG, PNG or one HTML file: every svg.marks in it, own figures and Vega's.

const PAD = 16
const SCALE = 3 // pixels of the PNG to one of the page
const LINE = 20

const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

function* within(node) {
  for (const child of node.querySelectorAll("*")) {
    if (child.matches("svg.marks")) yield child
    if (child.shadowRoot) yield* within(child.shadowRoot)
  }
}

/** One SVG text with title, pictures where they stand on the page, and provenance. */
function figure(scope, { title, provenance }) {
  const style = getComputedStyle(scope)
  const background = getComputedStyle(document.querySelector(".stApp")).backgroundColor
  const boxes = [...within(scope)].map(mark => [mark, mark.getBoundingClientRect()])
  if (!boxes.length) return null
  const top = Math.min(...boxes.map(([, box]) => box.top))
  const left = Math.min(...boxes.map(([, box]) => box.left))
  const bottom = Math.max(...boxes.map(([, box]) => box.bottom))
  const width = Math.max(...boxes.map(([, box]) => box.right)) - left + 2 * PAD
  const height = bottom - top + 2 * PAD + LINE * 2.5
  const parts = boxes.map(([mark, box]) => {
    const copy = mark.cloneNode(true)
    for (const [name, value] of [["x", box.left - left + PAD], ["y", box.top - top + PAD + LINE * 1.2], ["width", box.width], ["height", box.height]]) copy.setAttribute(name, value)
    copy.removeAttribute("style")
    copy.querySelectorAll(".hover").forEach(node => node.remove())
    return new XMLSerializer().serializeToString(copy)
  })
  const text = (y, size, words, weight) =>
    `<text x="${PAD}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${style.color}">${escape(words)}</text>`
  return {
    width,
    height,
    source: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(style.fontFamily)}" color="${style.color}">`
      + `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${background}"/>`
      + `${text(PAD + 8, 15, title, 600)}${parts.join("")}${text(height - PAD * 0.7, 11, provenance, 400)}</svg>`,
  }
}

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  // not bubbling: a click that reached the page would close the menu that asked for the file
  link.dispatchEvent(new MouseEvent("click", { bubbles: false }))
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function png({ source, width, height }) {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }))
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE })
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  URL.revokeObjectURL(image.src)
  return new Promise(resolve => canvas.toBlob(resolve, "image/png"))
}

function page({ source }, { title, sentences }) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`
    + `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${escape(title)}</title>`
    + `<style>body{margin:1rem auto;max-width:80rem;padding:0 1rem;font-family:system-ui,sans-serif;line-height:1.5}svg{max-width:100%;height:auto}</style>`
    + `${source}<p>${escape(sentences)}</p></html>`
}

export default function ({ data, parentElement }) {
  const place = parentElement.host ?? parentElement
  place.saved = data
  place.onExport ??= async event => {
    const wanted = place.saved
    const scope = document.querySelector(`.st-key-${CSS.escape(wanted.scope)}`)
    const made = scope && figure(scope, wanted)
    if (!made) return
    const { format } = event.detail
    if (format === "svg") save(new Blob([made.source], { type: "image/svg+xml" }), `${wanted.stem}.svg`)
    if (format === "png") save(await png(made), `${wanted.stem}.png`)
    if (format === "html") save(new Blob([page(made, wanted)], { type: "text/html" }), `${wanted.stem}.html`)
  }
  window.addEventListener("plainsight:export", place.onExport) // the same function: adding it again changes nothing
  return () => window.removeEventListener("plainsight:export", place.onExport)
}
