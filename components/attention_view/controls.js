// The controls over the pictures of the attention view, and the list of the clearest heads.
import { percent } from "./layout.js"
import { headColour, isLight } from "./draw.js"
import { clamp, element } from "./elements.js"

/** The functions that build the controls anew. */
export function createControls(own, { root, controls, roles }) {
  function toggleHead(head) {
    const { heads } = own.scene.view
    const next = heads.includes(head) ? heads.filter(h => h !== head) : [...heads, head].sort((a, b) => a - b)
    own.change({ heads: next.length ? next : [head] })
  }

  function select(label, value, options, choose, named = true) {
    const node = element("select", { title: label, "aria-label": label, "data-key": label, onchange: event => choose(event.target.value) }, ...options.map(([v, t]) => element("option", { value: v, selected: String(v) === String(value) }, t)))
    return element("label", {}, ...(named ? [element("span", {}, label)] : []), node)
  }

  /** The clearest head of each role in this text; a click opens it. */
  function buildRoles() {
    const { roles: found, heads } = own.scene.header
    if (!found.length) return
    roles.replaceChildren(
      element("li", {}, element("b", {}, "Clearest in this text")),
      ...found.map(({ name, layer, head, share }) => element("li", {}, element("button", { type: "button", onclick: () => own.solo(layer, head) }, `${layer}.${head}`), ` ${name} · ${share}`)),
    )
  }

  function buildControls() {
    const { header, view } = own.scene
    const focused = root.getRootNode().activeElement?.dataset?.key
    const many = view.heads.length === header.heads
    const chips = Array.from({ length: header.heads }, (_, head) => element("button", {
      type: "button", class: "chip", "data-key": `head${head}`, "aria-pressed": String(view.heads.includes(head)),
      "aria-label": `Head ${view.layer}.${head}`, title: `Head ${view.layer}.${head}: click adds or removes it, double-click shows it alone`,
      style: `--c:${headColour(head)};--on:${isLight(headColour(head)) ? "#111" : "#fff"}`, onclick: () => toggleHead(head), ondblclick: () => own.solo(view.layer, head),
    }, String(head)))
    if (header.groups > 1 && header.groups < header.heads) {
      // grouped queries: the heads behind a name share one set of keys and values
      const many = header.heads / header.groups
      for (let group = header.groups - 1; group >= 0; group--) chips.splice(group * many, 0, element("span", { class: "name", title: `Heads ${group * many} to ${(group + 1) * many - 1} share one set of keys and values` }, `KV ${group}`))
    }
    const step = (by, text, name) => element("button", {
      type: "button", class: "step", "data-key": name, "aria-label": name,
      "aria-disabled": clamp(view.layer + by, header.layers) === view.layer && "true", // disabled would drop the keyboard's focus
      onclick: () => own.change({ layer: clamp(view.layer + by, header.layers) }),
    }, text)
    const parts = [
      element("div", { class: "group" }, step(-1, "‹", "Previous layer"), select("Layer", view.layer, Array.from({ length: header.layers }, (_, i) => [i, String(i)]), v => own.change({ layer: Number(v) })), step(1, "›", "Next layer")),
      element("div", { class: "group chips", role: "group", "aria-label": "Heads" }, element("span", { class: "name" }, "Heads"), ...chips, element("button", {
        type: "button", class: "chip wide", "data-key": "all", onclick: () => own.change({ heads: many ? [own.lastHead] : Array.from({ length: header.heads }, (_, i) => i) }),
      }, many ? "one" : "all")),
      select("Picture", view.show, [["all", "All three"], ["words", "Words"], ["matrix", "Matrix"], ["grid", "All heads"]], show => own.change({ show }), false),
    ]
    const special = [...new Set(header.tokens.filter(t => t.special).map(t => t.text))]
    if (special.length) parts.push(element("label", { title: "Each row is then rescaled to 100 %" }, element("input", { type: "checkbox", "data-key": "hide", checked: view.hide, onchange: event => own.change({ hide: event.target.checked }) }), element("span", {}, `Hide ${special.slice(0, 2).join(" ")}`)))
    const readout = element("output", {}, percent(view.min))
    parts.push(element("label", { title: "Lines under this weight are not drawn" }, element("span", {}, "Lines ≥"), element("input", {
      type: "range", "data-key": "min", min: "0", max: "0.5", step: "0.01", value: String(view.min), "aria-label": "Smallest weight drawn as a line",
      oninput: event => { own.scene.view.min = Number(event.target.value); readout.textContent = percent(own.scene.view.min); own.redraw() },
      onchange: event => own.change({ min: Number(event.target.value) }),
    }), readout))
    parts.push(select("Scale", view.scale, [["fixed", "Fixed scale"], ["row", "Row scale"]], scale => own.change({ scale }), false))
    if (header.pair) parts.push(select("Direction", view.filter, [["all", "A and B"], ["aa", "A → A"], ["ab", "A → B"], ["ba", "B → A"], ["bb", "B → B"]], filter => own.change({ filter }), false))
    own.scene.zoomShown = own.tooLong()
    if (own.scene.zoomShown) parts.push(select("Zoom", view.zoom, [[0, "Whole text"], [1, "Focus"], [2, "Large focus"]], zoom => own.change({ zoom: Number(zoom) }), false))
    controls.replaceChildren(...parts)
    if (focused) controls.querySelector(`[data-key="${focused}"]`)?.focus()
  }

  return { buildControls, buildRoles }
}
