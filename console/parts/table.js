// @ts-check
/** Tables: only the visible rows are in the page, so that 100,000 rows scroll as ten do. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { t } from "../texts.js";

const ROW = 32;
const MORE = 10;

/**
 * @typedef {{id: string, title: string, show?: (row: any) => any, sort?: boolean, wide?: boolean, numeric?: boolean}} Column
 */

/**
 * @param {{columns: Column[], rows: any[], label: string, keyOf: (row: any) => string|number, height?: number, empty?: any,
 *   onOpen?: (row: any) => void, onNeed?: (first: number, last: number) => void}} given
 *   rows: may have holes (undefined) that `onNeed` fills. height: in rows; the whole table is in the page where it has fewer.
 */
export function Table({ columns, rows, label, keyOf, height = 20, empty, onOpen, onNeed }) {
  const [order, setOrder] = useState({ id: "", down: false });
  const [first, setFirst] = useState(0);
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const isLong = rows.length > height;
  const sorted = order.id ? [...rows].sort((one, other) => compare(one?.[order.id], other?.[order.id]) * (order.down ? -1 : 1)) : rows;
  const from = isLong ? Math.max(0, Math.min(first - MORE, rows.length - height)) : 0;
  const to = isLong ? Math.min(rows.length, first + height + MORE) : rows.length;
  useEffect(() => onNeed?.(from, to), [from, to, onNeed]);
  if (!rows.length) return html`<div class="empty">${empty || t("empty")}</div>`;
  return html`<div class="table" data-long=${isLong ? "yes" : undefined} ref=${box} tabindex=${isLong ? 0 : undefined} role=${isLong ? "region" : undefined}
    aria-label=${isLong ? label : undefined}
      onScroll=${(event) => isLong && setFirst(Math.floor(event.target.scrollTop / ROW))}>
    <table aria-rowcount=${rows.length + 1}>
      <caption class="visually-hidden">${label}</caption>
      <thead><tr aria-rowindex="1">${columns.map((column) => html`<${Head} column=${column} order=${order} setOrder=${setOrder} />`)}</tr></thead>
      <tbody>
        ${from > 0 && html`<${Gap} rows=${from} />`}
        ${sorted.slice(from, to).map((row, index) =>
          row === undefined
            ? html`<tr key=${`hole-${from + index}`} aria-rowindex=${from + index + 2}><td colspan=${columns.length}>…</td></tr>`
            : html`<tr key=${keyOf(row)} aria-rowindex=${from + index + 2} data-opens=${onOpen ? "yes" : undefined} onDblClick=${() => onOpen?.(row)}>
                ${columns.map((column) => html`<td class=${column.numeric ? "numeric" : ""}>${column.show ? column.show(row) : row[column.id]}</td>`)}
              </tr>`,
        )}
        ${to < rows.length && html`<${Gap} rows=${rows.length - to} />`}
      </tbody>
    </table>
  </div>`;
}

/** A row as high as the rows that are not in the page; its height is set by the style object, not by markup. @param {{rows: number}} given */
function Gap({ rows }) {
  return html`<tr aria-hidden="true" style=${{ height: `${rows * ROW}px` }}></tr>`;
}

/** @param {{column: Column, order: {id: string, down: boolean}, setOrder: (order: any) => void}} given */
function Head({ column, order, setOrder }) {
  const isChosen = order.id === column.id;
  const sorted = isChosen ? (order.down ? "descending" : "ascending") : undefined;
  return html`<th scope="col" aria-sort=${sorted} class=${column.wide ? "wide" : ""}>
    ${column.sort
      ? html`<button type="button" class="quiet"
        onClick=${() => setOrder({ id: column.id, down: isChosen && !order.down })}>${column.title}${isChosen ? (order.down ? " ▼" : " ▲") : ""}</button>`
      : column.title}
  </th>`;
}

/**
 * @param {any} one
 * @param {any} other
 */
function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one ?? "").localeCompare(String(other ?? ""), undefined, { numeric: true });
}
