// @ts-check
/** A form made of a list of fields; its values are sent as the body of one request. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { send } from "../api.js";
import { t } from "../texts.js";
import { Dialog } from "./dialog.js";
import { Problem } from "./problem.js";

/**
 * @typedef {{name: string, title: string, type?: "text"|"password"|"number"|"select"|"checkbox"|"list"|"area", options?: {value: string, text: string}[],
 *   value?: any, required?: boolean, hint?: string}} Field
 *   list: texts separated by commas or line breaks.
 */

/**
 * @param {{fields: Field[], request: (values: Record<string, any>) => import("./action.js").Request, submit: string,
 *   onDone: (answer: any) => void}} given
 */
export function Form({ fields, request, submit, onDone }) {
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isBusy, setBusy] = useState(false);

  /** @param {SubmitEvent} event */
  async function run(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const values = Object.fromEntries(fields.map((field) => [field.name, read(field, data)]).filter(([, value]) => value !== undefined));
    setBusy(true);
    setProblem(null);
    try {
      const wanted = request(values);
      onDone(await send(wanted.method, wanted.path, wanted));
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  }

  return html`<form class="card" onSubmit=${run}>
    ${fields.map((field) => html`<${Input} key=${field.name} field=${field} />`)}
    <button type="submit" class="main" disabled=${isBusy}>${submit}</button>
    ${problem && html`<${Problem} problem=${problem} />`}
  </form>`;
}

/**
 * A button that opens a form in a dialog. The dialog closes when the request has succeeded.
 * @param {{title: string, fields: Field[], request: (values: Record<string, any>) => import("./action.js").Request, onDone: (answer: any) => void}} given
 */
export function Creation({ title, fields, request, onDone }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return html`<p><button type="button" class="main" onClick=${() => setOpen(true)}>${title}</button></p>
    ${isOpen &&
    html`<${Dialog} title=${title} onClose=${close}>
      <${Form} submit=${t("create")} fields=${fields} request=${request} onDone=${(answer) => (close(), onDone(answer))} />
    <//>`}`;
}

/**
 * @param {Field} field
 * @param {FormData} data
 */
function read(field, data) {
  if (field.type === "checkbox") return data.get(field.name) === "on";
  const text = String(data.get(field.name) ?? "").trim();
  if (field.type === "list") return text.split(/[,\n]/).map((each) => each.trim()).filter(Boolean);
  if (text === "" && !field.required) return undefined;
  return field.type === "number" ? Number(text) : text;
}

/** @param {{field: Field}} given */
function Input({ field }) {
  const { name, type = "text", required, value } = field;
  const hint = field.hint && html`<small>${field.hint}</small>`;
  if (type === "checkbox") return html`<label><input type="checkbox" name=${name} defaultChecked=${Boolean(value)} />${field.title}</label>`;
  if (type === "select")
    return html`<label class="field">${field.title}<select name=${name}>
      ${field.options?.map((each) => html`<option value=${each.value} selected=${each.value === value}>${each.text}</option>`)}</select>${hint}</label>`;
  if (type === "area" || type === "list")
    return html`<label class="field">${field.title}<textarea name=${name} rows=${type === "list" ? 2 : 10} required=${required}
      defaultValue=${value ?? ""}></textarea>${hint}</label>`;
  return html`<label class="field">${field.title}<input name=${name} type=${type} required=${required} defaultValue=${value ?? ""}
    autocomplete=${type === "password" ? "new-password" : "off"} />${hint}</label>`;
}

/** The rights, for a field of the type select. */
export function rights() {
  return ["viewer", "engineer", "operator", "administrator"].map((value) => ({ value, text: t(`right.${value}`) }));
}
