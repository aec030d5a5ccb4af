// @ts-check
/** What went wrong: the sentence of the service, its code, the place, each single cause, and a way on. */
import { html } from "htm/preact";
import { t } from "../texts.js";

/** @param {{problem: any, retry?: () => void}} given */
export function Problem({ problem, retry }) {
  const place = problem.place ? Object.entries(problem.place).filter(([, value]) => value !== null && value !== "") : [];
  return html`<div class="problem" role="alert">
    <p><strong>${problem.message || String(problem)}</strong></p>
    ${problem.candidates?.length > 0 && html`<p>${t("problem.candidates")} ${problem.candidates.join(", ")}</p>`}
    ${problem.details?.length > 0 &&
    html`<ul>${problem.details.slice(0, 100).map((/** @type {any} */ each) =>
      html`<li>${each.message || each.detail || String(each)}${each.code && html` <code>${each.code}</code>`}</li>`)}</ul>`}
    <p class="hint">${problem.code && html`<code>${problem.code}</code> `}${place.map(([name, value]) => html`<span>${name}: ${String(value)} </span>`)}</p>
    ${retry && html`<button type="button" onClick=${retry}>${t("retry")}</button>`}
  </div>`;
}
