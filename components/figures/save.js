// Saves what a part of the page shows, as SVG, PNG or one HTML file: every svg.marks in it, own figures and Vega's, and
// every linked map, which draws itself by picture().
// What stands around a picture comes along by data-caption, data-outline and data-badge; data-says replaces the sentences.

const PAD = 16
const SCALE = 3 // pixels of the PNG to one of the page
const LINE = 20

const escape = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

function* within(node, selector) {
  for (const child of node.querySelectorAll("*")) {
    if (child.matches(selector)) yield child
    if (child.shadowRoot) yield* within(child.shadowRoot, selector)
  }
}

/** A linked map as [svg, box], if it is on the page. */
function drawnMaps(root) {
  const { left, top, width: shown } = root.getBoundingClientRect()
  if (!shown) return []
  const { text, width, height } = root.picture()
  return [[new DOMParser().parseFromString(text, "image/svg+xml").documentElement, { left, top, width, height, right: left + width, bottom: top + height }]]
}

/** One SVG text with title, pictures where they stand on the page, and provenance. */
function figure(scope, { title, provenance }) {
  const style = getComputedStyle(scope)
  const background = getComputedStyle(document.querySelector(".stApp")).backgroundColor
  const boxes = [...[...within(scope, "svg.marks")].map(mark => [mark, mark.getBoundingClientRect()]), ...[...within(scope, ".scatter-view")].flatMap(drawnMaps)]
  if (!boxes.length) return null
  const top = Math.min(...boxes.map(([, box]) => box.top))
  const left = Math.min(...boxes.map(([, box]) => box.left))
  const bottom = Math.max(...boxes.map(([, box]) => box.bottom))
  const width = Math.max(...boxes.map(([, box]) => box.right)) - left + 2 * PAD
  const captions = boxes.map(([mark, box]) => [mark.closest("[data-caption]")?.dataset.caption, box.left - left + PAD]).filter(([words]) => words)
  const above = PAD + LINE * (captions.length ? 2.2 : 1.2)
  const height = bottom - top + above + PAD + LINE * 1.3
  const parts = boxes.map(([mark, box]) => {
    const copy = mark.cloneNode(true)
    for (const [name, value] of [["x", box.left - left + PAD], ["y", box.top - top + above], ["width", box.width], ["height", box.height]]) copy.setAttribute(name, value)
    copy.removeAttribute("style")
    copy.querySelectorAll(".hover").forEach(node => node.remove())
    return new XMLSerializer().serializeToString(copy)
  })
  const text = (y, size, words, weight, x = PAD) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${style.color}">${escape(words)}</text>`
  const noted = [...within(scope, "[data-outline], [data-badge]")].map(node => {
    const box = node.getBoundingClientRect()
    const [x, y] = [box.left - left + PAD, box.top - top + above]
    if (node.dataset.outline) return `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="5" fill="none" stroke="${node.dataset.outline}" stroke-width="2" stroke-dasharray="6 4"/>`
    const [cx, cy] = [x + box.width / 2, y + box.height / 2]
    return `<circle cx="${cx}" cy="${cy}" r="10" fill="${node.dataset.badge}"/><text x="${cx}" y="${cy + 4}" text-anchor="middle" font-size="12" font-weight="700" fill="#ffffff">${escape(node.textContent)}</text>`
  })
  return {
    width,
    height,
    says: boxes[0][0].closest("[data-says]")?.dataset.says,
    source: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(style.fontFamily)}" color="${style.color}">`
      + `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${background}"/>`
      + `${text(PAD + 8, 15, title, 600)}${captions.map(([words, x]) => text(PAD + 8 + LINE, 12, words, 600, x)).join("")}${parts.join("")}${noted.join("")}${text(height - PAD * 0.7, 11, provenance, 400)}</svg>`,
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

function page({ source, says }, { title, sentences }) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`
    + `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${escape(title)}</title>`
    + `<style>body{margin:1rem auto;max-width:80rem;padding:0 1rem;font-family:system-ui,sans-serif;line-height:1.5}svg{max-width:100%;height:auto}</style>`
    + `${source}<p>${escape(says ?? sentences)}</p></html>`
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
