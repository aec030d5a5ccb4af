// @ts-check
/**
 * A drawing of the service as elements of the page. Trusted Types forbid to parse markup, so this reads the few forms that the
 * service writes, and keeps only elements and attributes of the lists below.
 */

const ELEMENTS = new Set(["svg", "g", "line", "rect", "path", "text", "tspan"]);
const ATTRIBUTES = new Set(
  "x y x1 y1 x2 y2 dy width height d transform viewBox text-anchor class role data-part data-wire data-pin data-operand data-place data-change".split(" "),
);
const PIECE = /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** @param {string} text */
function plain(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
    name ? ENTITIES[name] ?? whole : String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)),
  );
}

/**
 * Make the elements of a drawing.
 * @param {string} source SVG as the service writes it.
 * @returns {SVGElement|null} Null where the text is no drawing.
 */
export function build(source) {
  /** @type {SVGElement[]} */
  const open = [];
  let root = null;
  let skipped = 0;
  for (const [, isEnd, name, attributes, isEmpty, text] of source.matchAll(PIECE)) {
    if (text !== undefined) {
      if (!skipped) open.at(-1)?.append(plain(text));
    } else if (!ELEMENTS.has(name)) {
      if (!isEmpty) skipped += isEnd ? -1 : 1;
    } else if (skipped) {
      continue;
    } else if (isEnd) {
      open.pop();
    } else {
      const element = /** @type {SVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", name));
      for (const [, key, value] of attributes.matchAll(ATTRIBUTE)) if (ATTRIBUTES.has(key)) element.setAttribute(key, plain(value));
      open.at(-1)?.append(element);
      root ??= element;
      if (!isEmpty) open.push(element);
    }
  }
  return root?.tagName === "svg" ? root : null;
}
