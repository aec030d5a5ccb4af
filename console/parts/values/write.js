// @ts-check
/** Writing a value: what the tag takes, a question before it is written, and for a real PLC the value twice. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../../api.js";
import { may, toast } from "../../state.js";
import { t } from "../../texts.js";
import { Action } from "../action.js";
import { Dialog } from "../dialog.js";
import { loaded, useRead } from "../load.js";
import { Problem } from "../problem.js";
import { Live } from "./values.js";

/**
 * A button that opens the dialog.
 * @param {{tag: string, isReal?: boolean, value?: string}} given isReal: whether writing moves something outside of this computer.
 *   value: what the field has at first.
 */
export function Write({ tag, isReal = false, value = "" }) {
  const [isOpen, setOpen] = useState(false);
  if (!may("operator")) return html`<button type="button" disabled title=${t("right.needed", { right: t("right.operator") })}>${t("write")}</button>`;
  return html`<button type="button" onClick=${() => setOpen(true)} aria-label=${`${t("write")} ${tag}`}>${t("write")}</button>
    ${isOpen && html`<${Form} tag=${tag} isReal=${isReal} first=${value} onClose=${() => setOpen(false)} />`}`;
}

/** @param {{tag: string, isReal: boolean, first: string, onClose: () => void}} given */
function Form({ tag, isReal, first, onClose }) {
  /** @type {Reading<Api.RuntimeTag>} */
  const about = useRead(path`runtime/tags/${tag}`);
  const [value, setValue] = useState(first);
  const [again, setAgain] = useState("");
  const isBool = about.data?.dataType.toLowerCase() === "bool";
  const sent = isBool ? (value || "TRUE").toUpperCase() : value;
  const isReady = sent !== "" && (!isReal || again.trim().toUpperCase() === sent.trim().toUpperCase());
  /** @param {import("../../api.js").Answer} answer */
  const done = ({ data }) => {
    onClose();
    if (data.verified === false) toast(t("write.changed", { tag }), { kind: "failed" });
    else toast(t("write.done", { tag, value: sent }), { kind: "done" });
  };
  /** @param {string} shown @param {(text: string) => void} set */
  const field = (shown, set) =>
    isBool
      ? html`<select value=${(shown || "TRUE").toUpperCase()}
        onChange=${(event) => set(event.target.value)}><option>TRUE</option><option>FALSE</option></select>`
      : html`<input type="text" value=${shown} autocomplete="off" onInput=${(event) => set(event.target.value)} />`;
  return html`<${Dialog} title=${`${t("write")} ${tag}`} onClose=${onClose}>
    ${loaded(about, (found) => html`<p>${found.dataType} ${found.description} ${limits(found)} · ${t("write.now")} <strong><${Live} tag=${tag} /></strong></p>
        ${found.mayWrite
          ? html`<label class="field">${t("write.value")}${field(value, setValue)}</label>
              ${isReal && html`<p class="warning">${t("write.real")}</p>
                <label class="field">${t("write.again")}<input type="text" value=${again} autocomplete="off"
                  onInput=${(event) => setAgain(event.target.value)} /></label>`}
              <p><${Action} right="operator" kind="main" disabled=${!isReady} confirm=${t("write.confirm", { tag, value: sent })} onDone=${done}
                request=${() => ({ method: "PUT", path: path`runtime/tags/${tag}/value`, body: { value: sent, verify: true } })}>${t("write")}<//></p>`
          : html`<${Problem} problem=${found.refusal || { message: t("write.never") }} />`}`)}
  <//>`;
}

/** @param {Api.RuntimeTag} tag */
function limits({ minimum, maximum, unit }) {
  return minimum === null && maximum === null ? unit : `${minimum ?? "−∞"} … ${maximum ?? "∞"} ${unit}`;
}
