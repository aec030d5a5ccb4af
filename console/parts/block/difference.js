// @ts-check
/**
 * What differs between two states of a block: in words, as drawings side by side, as code in a merge view. Trusted Types forbid to
 * parse markup, so this reads the few forms of drawings that the service writes, and keeps only elements and attributes listed here.
 */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { t } from "../../texts.js";
import { loaded, useRead } from "../load.js";
import { Merge } from "./merge.js";

/**
 * @param {{plc: string, block: string, left: string, right: string, labels: [string, string]}} given
 *   left, right: states as the route takes them, such as commit:HEAD and project.
 */
export function Difference({ plc, block, left, right, labels }) {
  const found = useRead("diff", { deviceName: plc, blockName: block, left, right });
  return loaded(found, (difference) => html`<${Shown} difference=${difference} labels=${labels} />`);
}

/** @param {{difference: Api.BlockDifference, labels: [string, string]}} given */
function Shown({ difference, labels }) {
  const { left, right, changes, networks } = difference;
  const sides = [left, right].map((each, index) => (each.exists ? labels[index] : t("diff.missing", { state: labels[index] })));
  const isCode = left.sourceText !== null || right.sourceText !== null;
  const drawn = networks.filter((each) => each.leftDrawing || each.rightDrawing);
  const unchanged = networks.filter((each) => each.change === "equal").length;
  if (difference.equal) return html`<p class="empty">${t("diff.equal")}</p>`;
  return html`
    <h3>${t("diff.words")}</h3>
    <ul class="changes">${changes.map((each) => html`<li><code>${each.kind}</code> ${each.text}</li>`)}</ul>
    ${difference.changesLeftOut > 0 && html`<p class="hint">${t("more", { count: difference.changesLeftOut })}</p>`}
    ${isCode && html`<${Merge} left=${left.sourceText ?? left.listing} right=${right.sourceText ?? right.listing} labels=${sides} />`}
    ${drawn.map((each) => html`<${Network} key=${`${each.left} ${each.right}`} network=${each} labels=${sides} />`)}
    ${!isCode && !drawn.length && html`<${Merge} left=${left.listing} right=${right.listing} labels=${sides} />`}
    ${!isCode && unchanged > 0 && html`<p class="hint">${t("diff.unchanged", { count: unchanged })}</p>`}
    ${difference.drawingsLeftOut > 0 && html`<p class="hint">${t("diff.left", { count: difference.drawingsLeftOut })}</p>`}
  `;
}

/** @param {{network: Api.NetworkDifference, labels: string[]}} given */
function Network({ network, labels }) {
  const number = network.right ?? network.left;
  const title = `${t("network", { number })}${network.title ? `: ${network.title}` : ""}`;
  return html`<section class="network-pair" aria-label=${title}>
    <h3>${title} <span class="badge">${t(`diff.${network.change}`)}</span></h3>
    <div class="pair">
      ${[network.leftDrawing, network.rightDrawing].map(
        (source, index) => html`<figure><figcaption>${labels[index]}</figcaption>
          ${source ? html`<${Drawing} source=${source} label=${`${title}, ${labels[index]}`} />` : html`<p class="empty">${t("diff.none")}</p>`}</figure>`,
      )}
    </div>
  </section>`;
}

/** @param {{source: string, label: string}} given */
function Drawing({ source, label }) {
  const host = useRef(/** @type {HTMLDivElement|null} */ (null));
  useEffect(() => {
    const drawing = build(source);
    if (!drawing) return;
    drawing.setAttribute("aria-label", label);
    host.current?.replaceChildren(drawing);
  }, [source]);
  return html`<div class="drawing" ref=${host} tabindex="0" role="region" aria-label=${label}></div>`;
}

const ELEMENTS = new Set(["svg", "g", "line", "rect", "path", "text", "tspan"]);
const ATTRIBUTES = new Set(
  "x y x1 y1 x2 y2 dy width height d transform viewBox text-anchor class role data-part data-wire data-pin data-operand data-place data-change".split(" "),
);
const PIECE = /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
/** @type {Record<string, string>} */
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
function build(source) {
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
