// @ts-check
/** A state as a word with a shape: colour is never the only difference. */
import { html } from "htm/preact";
import { t } from "../texts.js";

const SHAPES = { good: "●", bad: "◆", busy: "◌", idle: "○", warning: "▲" };
/** @type {Record<string, keyof typeof SHAPES>} */
const KINDS = {
  completed: "good", success: "good", ok: "good", passed: "good", run: "good", good: "good", live: "good", connected: "good", idle: "idle",
  failed: "bad", error: "bad", dead: "bad", hung: "bad", bad: "bad", stop: "warning", cancelled: "warning", uncertain: "warning",
  running: "busy", pending: "busy", busy: "busy", startup: "busy", connecting: "busy", off: "idle",
};

/** @param {{state: string, kind?: keyof typeof SHAPES}} given kind: where the word is not known here. */
export function State({ state, kind }) {
  const shown = kind || KINDS[String(state).toLowerCase()] || "idle";
  const key = `state.${String(state).toLowerCase()}`;
  const word = t(key);
  return html`<span class="state" data-kind=${shown}><span aria-hidden="true">${SHAPES[shown]}</span> ${word === key ? state : word}</span>`;
}

/** The bar over values of a past moment: it stays in sight, so that nobody takes them for the present. @param {{children: any}} given */
export function Past({ children }) {
  return html`<p class="warning sticky" role="note" data-past="yes">${children}</p>`;
}
