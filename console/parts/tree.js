// @ts-check
/**
 * A tree by the ARIA pattern: arrow keys, Home, End, Enter, letters. Only the visible rows are in the page, so the focus stays
 * on the tree, and aria-activedescendant names the chosen row.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { t } from "../texts.js";

const ROW = 28;
const MORE = 8;
const PAUSE = 700;

/**
 * @typedef {{id: string, name: string, href?: string, badges?: {text: string, kind?: string}[], hint?: string, children?: Node[],
 *   load?: () => void, isBusy?: boolean}} Node
 *   children: undefined for a leaf. load: reads the children of a branch when it opens for the first time.
 * @typedef {{node: Node, level: number, place: number, size: number, parent: number, isOpen: boolean}} Row
 */

/**
 * Return the visible rows of a tree.
 * @param {Node[]} nodes
 * @param {Set<string>} open The ids of the open branches.
 * @param {string} wanted Part of a name in lower case; then the branches that lead to a match are open.
 * @returns {Row[]}
 */
export function rowsOf(nodes, open, wanted) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Map<Node, boolean>} */
  const fitting = new Map();
  /** @param {Node} node @returns {boolean} */
  const fits = (node) => {
    const below = (node.children || []).map(fits).some(Boolean);
    const found = below || node.name.toLowerCase().includes(wanted);
    fitting.set(node, found);
    return found;
  };
  if (wanted) nodes.forEach(fits);
  /** @param {Node[]} level @param {number} depth @param {number} parent */
  const add = (level, depth, parent) => {
    const shown = wanted ? level.filter((node) => fitting.get(node)) : level;
    shown.forEach((node, index) => {
      const leads = wanted && (node.children || []).some((child) => fitting.get(child));
      const isOpen = Boolean(node.children && (leads || open.has(node.id)));
      const row = rows.push({ node, level: depth, place: index + 1, size: shown.length, parent, isOpen }) - 1;
      if (isOpen) add(node.children || [], depth + 1, row);
    });
  };
  add(nodes, 1, -1);
  return rows;
}

/** @param {{label: string, nodes: Node[], filter: string, height?: number, first?: string[]}} given height: in rows. first: what is open at first. */
export function Tree({ label, nodes, filter, height = 22, first = [] }) {
  const [open, setOpen] = useState(() => new Set(first));
  const [chosen, setChosen] = useState("");
  const [top, setTop] = useState(0);
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const typed = useRef({ text: "", at: 0 });
  const wanted = filter.trim().toLowerCase();
  const rows = useMemo(() => rowsOf(nodes, open, wanted), [nodes, open, wanted]);
  const index = Math.max(0, rows.findIndex((row) => row.node.id === chosen));
  const from = Math.max(0, Math.floor(top / ROW) - MORE);
  const shown = rows.slice(from, from + height + 2 * MORE);
  const present = rows[index];

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    if (index * ROW < element.scrollTop) element.scrollTop = index * ROW;
    else if ((index + 1) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (index + 1) * ROW - element.clientHeight;
  }, [chosen]);

  /** @param {Row} row @param {boolean} [wish] */
  const toggle = (row, wish = !row.isOpen) => {
    if (!row.node.children) return;
    if (wish) row.node.load?.();
    setOpen((before) => {
      const after = new Set(before);
      if (wish) after.add(row.node.id);
      else after.delete(row.node.id);
      return after;
    });
  };
  /** @param {number} place */
  const choose = (place) => rows[place] && setChosen(rows[place].node.id);
  /** @param {Row} row */
  const enter = (row) => (row.node.href ? (location.hash = row.node.href) : toggle(row));

  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (!present || event.ctrlKey || event.altKey || event.metaKey) return;
    /** @type {Record<string, number>} */
    const jumps = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1, PageDown: Math.min(rows.length - 1, index + height),
      PageUp: Math.max(0, index - height) };
    if (event.key in jumps) choose(jumps[event.key]);
    else if (event.key === "ArrowRight") present.isOpen ? choose(index + 1) : toggle(present, true);
    else if (event.key === "ArrowLeft") present.isOpen && !wanted ? toggle(present, false) : choose(present.parent);
    else if (event.key === "Enter" || event.key === " ") enter(present);
    else if (event.key.length === 1) find(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Choose the next row whose name begins with what was typed. @param {string} letter */
  const find = (letter) => {
    const isSame = Date.now() - typed.current.at < PAUSE;
    typed.current = { text: ((isSame ? typed.current.text : "") + letter).toLowerCase(), at: Date.now() };
    const start = typed.current.text.length > 1 ? index : index + 1;
    const order = [...rows.keys()].map((place) => (place + start) % rows.length);
    const found = order.find((place) => rows[place].node.name.toLowerCase().startsWith(typed.current.text));
    if (found !== undefined) choose(found);
  };

  if (!rows.length) return html`<div class="empty">${t(wanted ? "tree.no.match" : "empty")}</div>`;
  return html`<div class="tree" role="tree" aria-label=${label} tabindex="0" ref=${box} aria-activedescendant=${`node-${index}`}
    style=${{ maxHeight: `${height * ROW}px` }}
      onKeyDown=${onKey} onScroll=${(event) => setTop(event.target.scrollTop)}>
    <div role="none" style=${{ height: `${rows.length * ROW}px` }}><div role="none" style=${{ transform: `translateY(${from * ROW}px)` }}>
      ${shown.map((row, offset) => html`<${Item} key=${row.node.id} row=${row} id=${`node-${from + offset}`} isChosen=${from + offset === index}
        onChoose=${() => choose(from + offset)} onToggle=${() => toggle(row)} onEnter=${() => enter(row)} />`)}
    </div></div>
  </div>`;
}

/** @param {{row: Row, id: string, isChosen: boolean, onChoose: () => void, onToggle: () => void, onEnter: () => void}} given */
function Item({ row, id, isChosen, onChoose, onToggle, onEnter }) {
  const { node } = row;
  const click = () => {
    onChoose();
    if (node.children) onToggle();
    else onEnter();
  };
  return html`<div role="treeitem" id=${id} aria-level=${row.level} aria-posinset=${row.place} aria-setsize=${row.size}
    aria-selected=${isChosen ? "true" : "false"}
      aria-expanded=${node.children ? (row.isOpen ? "true" : "false") : undefined} style=${{ paddingInlineStart: `${row.level * 1.1}rem` }} onClick=${click}>
    <span class="twig" aria-hidden="true">${node.children ? (row.isOpen ? "▾" : "▸") : "·"}</span>
    <span>${node.name}</span>${node.isBusy && html` <span class="busy">…</span>`}
    ${(node.badges || []).map((badge) => html` <span class="badge" data-kind=${badge.kind}>${badge.text}</span>`)}
    ${node.hint && html` <span class="hint">${node.hint}</span>`}
  </div>`;
}
