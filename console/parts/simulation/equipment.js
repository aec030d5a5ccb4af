// @ts-check
/** What a simulated PLC has around its CPU: forced inputs and outputs, modules with their faults, plant models. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../../api.js";
import { number, t } from "../../texts.js";
import { Action } from "../action.js";
import { loaded, useRead } from "../load.js";
import { State } from "../state.js";
import { Table } from "../table.js";

/** @param {{name: string}} given name: of the instance. */
export function Equipment({ name }) {
  return html`<${Forces} name=${name} /><${Modules} name=${name} /><${Models} name=${name} />`;
}

/** @param {{name: string}} given */
function Forces({ name }) {
  /** @type {Reading<Api.ForcedOperand[]>} */
  const forces = useRead(path`simulation/instances/${name}/forces`);
  const [operand, setOperand] = useState("");
  const [value, setValue] = useState("TRUE");
  /** @param {string[]|null} names */
  const stop = (names) => ({ method: "POST", path: path`simulation/instances/${name}/forces/actions/stop`, body: names ? { names } : {} });
  return html`<h3>${t("forces")}</h3>
    ${loaded(forces, (rows) => html`<${Table} label=${t("forces")} rows=${rows} keyOf=${(each) => each.address} empty=${t("forces.none")}
          columns=${[
            { id: "name", title: t("watch.operand"), wide: true },
            { id: "address", title: t("forces.address"), show: (each) => html`<code>${each.address}</code>` },
            { id: "value", title: t("watch.value"),
              show: (each) => html`<strong>F</strong> ${typeof each.value === "boolean" ? String(each.value).toUpperCase() : each.value}` },
            { id: "actions", title: t("actions"),
              show: (each) => html`<${Action} right="operator" request=${stop([each.name])} onDone=${forces.reload}>${t("forces.stop")}<//>` },
          ]} />
        ${rows.length > 1 && html`<p><${Action} right="operator" request=${stop(null)} confirm=${t("forces.stop.confirm", { name })}
          onDone=${forces.reload}>${t("forces.stop.all")}<//></p>`}`)}
    <p class="buttons"><label>${t("watch.operand")} <input type="text" value=${operand} placeholder="%I0.0"
      onInput=${(event) => setOperand(event.target.value)} /></label>
      <label>${t("watch.value")} <input type="text" size="8" value=${value} onInput=${(event) => setValue(event.target.value)} /></label>
      <${Action} right="operator" disabled=${!operand || !value} confirm=${t("forces.confirm", { operand, value, name })}
        onDone=${() => (setOperand(""), forces.reload())}
        request=${() => ({ method: "POST", path: path`simulation/instances/${name}/forces`,
          body: { values: [{ name: operand, value }] } })}>${t("forces.force")}<//></p>`;
}

/** @param {{name: string}} given */
function Modules({ name }) {
  /** @type {Reading<Api.ModuleState[]>} */
  const modules = useRead(path`simulation/instances/${name}/modules`);
  /** @param {Api.ModuleState} each @param {string} action */
  const change = (each, action) => ({ method: "POST", path: `${path`simulation/instances/${name}/modules/${String(each.identifier)}/actions`}/${action}`,
    body: {} });
  /** @param {number} first @param {number} bytes */
  const range = (first, bytes) => (bytes ? `${first}…${first + bytes - 1}` : "");
  return html`<h3>${t("modules")}</h3>
    ${loaded(modules, (rows) => html`<${Table} label=${t("modules")} rows=${rows} keyOf=${(each) => each.identifier} empty=${t("modules.none")}
        columns=${[
          { id: "name", title: t("modules.name"), wide: true },
          { id: "slot", title: t("modules.slot"), show: (each) => `${each.station ? `${each.station} / ` : ""}${each.slot}` },
          { id: "inputs", title: t("modules.inputs"), show: (each) => range(each.inputStart, each.inputBytes) },
          { id: "outputs", title: t("modules.outputs"), show: (each) => range(each.outputStart, each.outputBytes) },
          { id: "state", title: t("state"),
            show: (each) => html`<${State}
              state=${each.disabled ? "off" : each.present && !each.channels.length ? "ok"
                : "failed"} /> ${each.channels.map((/** @type {Api.FaultyChannel} */ one) => html`<small>${one.channel}: ${one.error} </small>`)}` },
          {
            id: "actions",
            title: t("actions"),
            show: (each) =>
              each.present && !each.channels.length
                ? html`<${Action} right="operator" request=${change(each, "fail")} confirm=${t("modules.fail.confirm", { module: each.name })}
                  onDone=${modules.reload}>${t("modules.fail")}<//>`
                : html`<${Action} right="operator" request=${change(each, "return")} onDone=${modules.reload}>${t("modules.return")}<//>`,
          },
        ]} />`)}`;
}

/** @param {{name: string}} given */
function Models({ name }) {
  /** @type {Reading<Api.PlantModel[]>} */
  const models = useRead(path`simulation/instances/${name}/models`);
  /** @param {boolean|number|string} value */
  const shown = (value) => (typeof value === "number" ? number(value, 3) : String(value));
  return html`<h3>${t("models")} <button type="button" onClick=${models.reload}>${t("models.read")}</button></h3>
    ${loaded(models, (rows) => html`<${Table} label=${t("models")} rows=${rows} keyOf=${(each) => each.name} empty=${t("models.none")}
        columns=${[
          { id: "name", title: t("models.name") },
          { id: "type", title: t("runtime.type") },
          { id: "bind", title: t("models.bind"),
            show: (each) => Object.entries(each.bind).map(([input, tag]) => html`<div><code>${input}</code> ${tag}</div>`) },
          { id: "values", title: t("models.values"), wide: true,
            show: (each) => Object.entries(each.values).map(([field, value]) => html`<span><code>${field}</code> ${shown(value)} </span>`) },
          { id: "actions", title: t("actions"),
            show: (each) => html`<${Action} right="operator" request=${{ method: "DELETE", path: path`simulation/instances/${name}/models/${each.name}` }}
              confirm=${t("models.remove.confirm", { model: each.name })} onDone=${models.reload}>${t("models.remove")}<//>` },
        ]} />`)}`;
}
