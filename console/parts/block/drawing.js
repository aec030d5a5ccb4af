// @ts-check
/**
 * The drawing of a network as elements of the page, made from the service's list of marks; and the paint that shows current on it.
 * Nothing but the elements, attributes and classes listed here is made.
 */
const SVG = "http://www.w3.org/2000/svg";
/** @type {Record<string, string[]>} */
const GEOMETRY = {
  line: ["x1", "y1", "x2", "y2"],
  rect: ["x", "y", "width", "height"],
  path: ["d", "transform"],
  text: ["x", "y", "text-anchor"],
};
const STYLES = /^(line|rail|bar|grid|frame|operand|title|pin|letter|type|node|dot|arrow|continuation|name|action|jump)$/;
const LINE = 14;
const CHARACTER = 7.3;
/** Room for a value next to an operand at a pin. */
const VALUE = 70;

/**
 * @typedef {{element: SVGElement, operand: string, value: SVGElement}} OperandMark
 * @typedef {{root: SVGSVGElement, wires: Map<string, SVGElement[]>, parts: Map<string, SVGElement[]>, steps: Map<string, SVGElement[]>,
 *   operands: OperandMark[]}} Drawing
 *   The maps have the place and the number of a wire or part, such as T1/31; of a step its place, such as S1.
 */

/**
 * Make a drawing.
 * @param {{width: number, height: number, marks: Api.DrawingMark[]}} network
 * @returns {Drawing}
 */
export function make(network) {
  const root = /** @type {SVGSVGElement} */ (element("svg",
    { viewBox: `0 0 ${network.width} ${network.height}`, width: network.width, height: network.height, role: "group" }));
  /** @type {Drawing} */
  const drawing = { root, wires: new Map(), parts: new Map(), steps: new Map(), operands: [] };
  for (const mark of network.marks) {
    const made = figure(mark);
    if (!made) continue;
    const place = mark.place || "";
    if (mark.operand && mark.pin !== "label" && mark.kind === "text") drawing.operands.push(operand(mark, made, root));
    else root.append(made);
    if (mark.wire && mark.kind !== "text") note(drawing.wires, `${place}/${mark.wire}`, made);
    if (mark.part && mark.kind !== "text") note(drawing.parts, `${place}/${mark.part}`, made);
    if (/^S\d+$/.test(place) && mark.kind === "rect") note(drawing.steps, place, made);
  }
  drawing.operands.forEach((each, index) => each.element.setAttribute("tabindex", index ? "-1" : "0"));
  const [left, right] = room(network);
  root.setAttribute("viewBox", `${-left} 0 ${network.width + left + right} ${network.height}`);
  root.setAttribute("width", String(network.width + left + right));
  return drawing;
}

/** @param {Api.DrawingMark} mark */
function figure(mark) {
  const names = GEOMETRY[mark.kind];
  if (!names || !STYLES.test(mark.style)) return null;
  const made = element(mark.kind, Object.fromEntries(names.filter((name) => name in mark.geometry).map((name) => [name, mark.geometry[name]])));
  made.setAttribute("class", mark.style);
  if (mark.part) made.setAttribute("data-part", String(mark.part));
  const lines = mark.lines || [];
  if (lines.length === 1) made.textContent = lines[0];
  else lines.forEach((line, index) => made.append(element("tspan", { x: mark.geometry.x, dy: index ? LINE : 0 }, line)));
  return made;
}

/** The far end of an operand at a pin. @param {Api.DrawingMark} mark */
function far(mark) {
  const width = CHARACTER * Math.max(...mark.lines.map((line) => line.length)) + 6;
  return Number(mark.geometry.x) + (mark.geometry["text-anchor"] === "end" ? -width : width);
}

/** How much wider a drawing becomes by the values at its pins, on both sides. @param {{width: number, marks: Api.DrawingMark[]}} network */
function room(network) {
  /** @param {string} anchor */
  const at = (anchor) => network.marks.filter((each) => each.operand && each.geometry["text-anchor"] === anchor).map(far);
  return [Math.max(0, ...at("end").map((x) => VALUE - x)), Math.max(0, ...at("start").map((x) => x + VALUE - network.width))];
}

/**
 * An operand: its text, and its value over it or next to it; a reader can choose it.
 * @param {Api.DrawingMark} mark
 * @param {SVGElement} text
 * @param {SVGElement} root
 */
function operand(mark, text, root) {
  const { x, y, "text-anchor": anchor } = mark.geometry;
  const place = anchor === "middle" ? { x, y: Number(y) - 11 } : { x: far(mark), y };
  const value = element("text", { ...place, "text-anchor": anchor, class: "value", "aria-hidden": "true" });
  const group = element("g", { role: "button", class: "chosen", "aria-label": mark.operand, "data-operand": mark.operand });
  group.append(text);
  root.append(group, value);
  return { element: group, operand: mark.operand, value };
}

/**
 * Paint the current on a drawing.
 * @param {Drawing} drawing
 * @param {Api.NetworkPower|null} flow The network's part of the answer; null where nothing is known.
 * @param {boolean} isLive Whether the values are of now; others are grey.
 */
export function paint(drawing, flow, isLive) {
  const on = new Map();
  for (const place of flow?.places || []) {
    for (const [number, bit] of Object.entries(place.wires)) on.set(`w${place.place}/${number}`, bit);
    for (const [number, bit] of Object.entries(place.parts)) on.set(`p${place.place}/${number}`, bit);
  }
  for (const [key, elements] of drawing.wires) mark(elements, flow && state(on, `w${key}`, isLive));
  for (const [key, elements] of drawing.parts) mark(elements, flow && state(on, `p${key}`, isLive));
  const steps = new Map((flow?.steps || []).map((each) => [`S${each.number}`, each.active]));
  for (const [key, elements] of drawing.steps) mark(elements, flow && state(steps, key, isLive));
  const values = new Map((flow?.operands || []).map((each) => [each.operand, each]));
  for (const each of drawing.operands) {
    const found = values.get(each.operand);
    const text = found?.value || "";
    if (each.value.textContent !== text) {
      each.value.textContent = text;
      each.element.setAttribute("aria-label", text ? `${each.operand} = ${text}` : each.operand);
    }
    const isStale = text && (!isLive || (found?.quality && found.quality !== "Good"));
    for (const one of [each.element, each.value]) set(one, "data-stale", isStale ? "yes" : null);
  }
}

/** @param {Map<string, boolean|null>} on @param {string} key @param {boolean} isLive */
function state(on, key, isLive) {
  if (!on.has(key)) return null;
  const bit = on.get(key);
  return !isLive || bit === null ? "unknown" : bit ? "yes" : "no";
}

/** @param {SVGElement[]} elements @param {string|null} found */
function mark(elements, found) {
  for (const each of elements) set(each, "data-on", found);
}

/** @param {Element} element @param {string} name @param {string|null} value */
function set(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** @param {Map<string, SVGElement[]>} map @param {string} key @param {SVGElement} made */
function note(map, key, made) {
  const known = map.get(key);
  if (known) known.push(made);
  else map.set(key, [made]);
}

/** @param {string} name @param {Record<string, any>} attributes @param {string} [text] */
function element(name, attributes, text) {
  const made = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}
