// @ts-check
/** The range of time that trends, alarms and the audit log share: it is part of the address. */
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { onKeys } from "../keys.js";
import { route, setQuery } from "../router.js";
import { range } from "../state.js";
import { duration, t } from "../texts.js";

/** Seconds to choose from. */
const SPANS = [60, 300, 900, 3600, 28800, 86400, 604800];
const LONGEST = 10 * 365 * 86400;

/** Return the range as two times in milliseconds; one of the last seconds ends now. */
export function span() {
  const { from, to, last } = range.value;
  return last ? { from: Date.now() - last * 1000, to: Date.now() } : { from: Date.parse(from), to: Date.parse(to) };
}

/** @param {number} from Milliseconds. @param {number} to */
export function setRange(from, to) {
  setQuery({ from: new Date(Math.round(from)).toISOString(), to: new Date(Math.round(Math.max(to, from + 1))).toISOString(), last: "" });
}

/** @param {number} seconds */
export function setLast(seconds) {
  setQuery({ last: Math.min(seconds, LONGEST), from: "", to: "" });
}

/** Show twice as much time: around the same middle, or back from now. */
export function widen() {
  const { last } = range.value;
  if (last) return setLast(last * 2);
  const { from, to } = span();
  setRange(from - (to - from) / 2, to + (to - from) / 2);
}

/** Move the range by a part of itself. @param {number} part */
export function pan(part) {
  const { from, to } = span();
  setRange(from + part * (to - from), to + part * (to - from));
}

/** Show half as much time. */
export function narrow() {
  const { last } = range.value;
  if (last) return setLast(Math.max(1, last / 2));
  const { from, to } = span();
  setRange(from + (to - from) / 4, to - (to - from) / 4);
}

/** Choose the range. Esc widens it. */
export function Range() {
  const { last, from, to } = range.value;
  useEffect(() => onKeys(({ key }) => key === "Escape" && widen()), []);
  const shown = last && !SPANS.includes(last) ? [...SPANS, last].sort((one, other) => one - other) : SPANS;
  const present = span();
  /** @param {"from"|"to"} name @returns {(event: {target: HTMLInputElement}) => void} */
  const set = (name) => (event) => {
    const time = Date.parse(event.target.value);
    if (!Number.isNaN(time)) setRange(...ordered(name === "from" ? time : present.from, name === "to" ? time : present.to));
  };
  return html`<div class="buttons range" role="group" aria-label=${t("range")}>
    <label>${t("range")} <select value=${String(last)} onChange=${(event) => setLast(Number(event.target.value))}>
      ${!last && html`<option value="0">${t("range.fixed")}</option>`}
      ${shown.map((seconds) => html`<option value=${String(seconds)}>${t("range.last", { time: length(seconds) })}</option>`)}
    </select></label>
    ${!last &&
    html`<label>${t("range.from")} <input type="datetime-local" step="1" value=${local(from)} onChange=${set("from")} /></label>
      <label>${t("range.to")} <input type="datetime-local" step="1" value=${local(to)} onChange=${set("to")} /></label>`}
    <button type="button" onClick=${() => pan(-0.5)} aria-label=${t("range.back")} title=${t("range.back")}>←</button>
    <button type="button" onClick=${() => pan(0.5)} aria-label=${t("range.forward")} title=${t("range.forward")}>→</button>
    <button type="button" onClick=${narrow} aria-label=${t("range.narrow")} title=${t("range.narrow")}>+</button>
    <button type="button" onClick=${widen} aria-label=${t("range.widen")} title=${t("range.widen")}>−</button>
    ${!last && html`<button type="button" onClick=${() => setLast(900)}>${t("range.live")}</button>`}
  </div>`;
}

/** @param {number} one @param {number} other @returns {[number, number]} */
function ordered(one, other) {
  return one < other ? [one, other] : [other, one];
}

/** @param {number} seconds */
function length(seconds) {
  return seconds < 7200 ? duration(seconds) : seconds < 172800 ? `${Math.round(seconds / 360) / 10} h` : `${Math.round(seconds / 8640) / 10} d`;
}

/** A time in the form of the browser's field: the reader's zone, without a name of it. @param {string} time */
function local(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}
