// What the drawing functions draw on, written down as SVG instead of pixels.

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu // no XML may hold these
const escape = string => String(string).replace(FORBIDDEN, "").replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c])
const n2 = value => Math.round(value * 100) / 100

/** The part of CanvasRenderingContext2D that the functions above use, written down as SVG elements. */
export class SvgContext {
  constructor(measure) {
    this.measure = measure // a real context, to measure text
    this.out = []
    this.stack = []
    Object.assign(this, { font: "13px sans-serif", fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, textAlign: "left", matrix: "" })
  }
  measureText(string) {
    this.measure.font = this.font
    return this.measure.measureText(string)
  }
  save() { this.stack.push(this.matrix) }
  restore() { this.matrix = this.stack.pop() }
  translate(x, y) { this.matrix += `translate(${n2(x)} ${n2(y)})` }
  rotate(a) { this.matrix += `rotate(${n2((a * 180) / Math.PI)})` }
  add(tag, attributes, content) {
    const list = { ...attributes, ...(this.matrix && { transform: this.matrix }), ...(this.globalAlpha < 1 && { opacity: n2(this.globalAlpha) }) }
    const inside = Object.entries(list).map(([k, v]) => ` ${k}="${escape(v)}"`).join("")
    this.out.push(content === undefined ? `<${tag}${inside}/>` : `<${tag}${inside}>${escape(content)}</${tag}>`)
  }
  fillRect(x, y, width, height) { this.add("rect", { x: n2(x), y: n2(y), width: n2(width), height: n2(height), fill: this.fillStyle }) }
  strokeRect(x, y, width, height) {
    this.add("rect", { x: n2(x), y: n2(y), width: n2(width), height: n2(height), fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth })
  }
  beginPath() { this.path = "" }
  moveTo(x, y) { this.path += `M${n2(x)} ${n2(y)}` }
  lineTo(x, y) { this.path += `L${n2(x)} ${n2(y)}` }
  bezierCurveTo(...p) { this.path += `C${p.map(n2).join(" ")}` }
  stroke() { this.add("path", { d: this.path, fill: "none", stroke: this.strokeStyle, "stroke-width": n2(this.lineWidth) }) }
  fillText(string, x, y) {
    const anchor = { left: "start", center: "middle", right: "end" }[this.textAlign]
    const [, weight, size, family] = this.font.match(/^(?:(\d+|bold) )?([\d.]+px) (.*)$/)
    this.add("text", { x: n2(x), y: n2(y), fill: this.fillStyle, "text-anchor": anchor, "dominant-baseline": "central", "font-size": size, "font-family": family, ...(weight && { "font-weight": weight }) }, string)
  }
  drawImage(canvas, x, y, width, height) {
    this.add("image", { x: n2(x), y: n2(y), width: n2(width), height: n2(height), href: canvas.toDataURL("image/png"), preserveAspectRatio: "none", style: "image-rendering:pixelated" })
  }
  document(width, height, title, background) {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escape(title)}</title><rect width="100%" height="100%" fill="${escape(background)}"/>${this.out.join("")}</svg>`
  }
}
