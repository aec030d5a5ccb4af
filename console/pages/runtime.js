// @ts-check
/** Runtime: the sources of values. Of a simulated PLC its CPU and its time, of each source its tags with their values. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { link, route, setQuery } from "../router.js";
import { may } from "../state.js";
import { t, textLanguage, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Cpu } from "../parts/simulation/cpu.js";
import { Browser } from "../parts/values/browser.js";
import { Equipment } from "../parts/simulation/equipment.js";
import { loaded, useRead } from "../parts/load.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";
import { StreamState } from "../parts/values/values.js";

const SIMULATED = /^(virtual|plcsim|simulated)$/;

export default function Runtime() {
  const sources = usePolled("runtime/sources");
  return html`<h1>${t("page.runtime")}</h1>
    <${StreamState} />
    ${loaded(sources, (found) => {
        const asked = route.value.query.get("source") || "";
        const chosen = found.find((each) => each.name.toLowerCase() === asked.toLowerCase()) || found.find((each) => SIMULATED.test(each.kind)) || found[0];
        return html`<${Sources} sources=${found} chosen=${chosen} />
          <${NewInstance} onDone=${(answer) => (setQuery({ source: answer.data.name, path: "" }), sources.reload())} />
          ${!found.some((each) => SIMULATED.test(each.kind)) && html`<p class="empty">${t("runtime.none")}</p>`}
          ${chosen && html`<${Source} key=${chosen.name} source=${chosen} />`}`;
      })}`;
}

/** @param {{sources: Api.RuntimeSource[], chosen?: Api.RuntimeSource}} given */
function Sources({ sources, chosen }) {
  return html`<${Table} label=${t("runtime.sources")} rows=${sources} keyOf=${(each) => each.name} onOpen=${(each) => setQuery({ source: each.name, path: "" })}
    columns=${[
      { id: "name", title: t("runtime.source"), sort: true, wide: true,
        show: (each) => html`<a aria-current=${each === chosen ? "true" : undefined} href=${link(["runtime"], { source: each.name })}>${each.name}</a>` },
      { id: "kind", title: t("runtime.kind"), sort: true,
        show: (each) => html`${each.kind} ${each.real && html`<span class="badge">${t("runtime.real")}</span>`}` },
      { id: "state", title: t("state"), show: (each) => html`<${SourceState} source=${each} />` },
    ]} />`;
}

/** @param {{source: Api.RuntimeSource}} given */
function SourceState({ source }) {
  /** @type {Reading<Api.SourceStatus>} */
  const status = usePolled(path`runtime/sources/${source.name}/status`);
  if (status.problem) return html`<${State} state="failed" /> <small>${status.problem.message}</small>`;
  if (!status.data) return "…";
  return html`<${State} state=${status.data.operatingState || status.data.state} /> <small>${status.data.message}</small>`;
}

/**
 * Read a route every two seconds.
 * @template {string} R
 * @template [T=import("../api.js").AnswerOf<R>]
 * @param {R} target
 * @returns {Reading<T>}
 */
function usePolled(target) {
  const read = useRead(target);
  useEffect(() => {
    const timer = setInterval(read.reload, 2000);
    return () => clearInterval(timer);
  }, [read.reload]);
  return read;
}

/** @param {{onDone: (answer: any) => void}} given */
function NewInstance({ onDone }) {
  const [name, setName] = useState("");
  if (!may("engineer")) return null;
  return html`<p class="buttons"><label>${t("runtime.new")} <input type="text" value=${name} maxlength="63"
    onInput=${(event) => setName(event.target.value)} /></label>
    <${Action} disabled=${!name.trim()} request=${() => ({ method: "POST", path: "simulation/instances/create", body: { name: name.trim(), powerOn: true } })}
      onDone=${(answer) => (setName(""), onDone(answer))}>${t("runtime.create")}<//></p>`;
}

/** @param {{source: Api.RuntimeSource}} given */
function Source({ source }) {
  const tabs = [{ id: "tags", title: t("runtime.tags"), show: () => html`<${Browser} source=${source} />` }];
  if (SIMULATED.test(source.kind)) tabs.push({ id: "equipment", title: t("runtime.equipment"), show: () => html`<${Equipment} name=${source.instance} />` });
  if (source.kind === "webapi") tabs.push({ id: "diagnostics", title: t("runtime.diagnostics"), show: () => html`<${Diagnostics} name=${source.name} />` });
  return html`<h2>${source.name}</h2>
    ${SIMULATED.test(source.kind) && html`<${Cpu} name=${source.instance} />`}
    ${source.real && html`<${Connection} name=${source.name} />`}
    <${Tabs} tabs=${tabs} label=${source.name} />`;
}

/** @param {{name: string}} given */
function Connection({ name }) {
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  /** @param {string} action */
  const request = (action) => ({ method: "POST", path: `${path`runtime/sources/${name}/actions`}/${action}`, body: {} });
  return html`<p class="buttons">
      <${Action} right="operator" request=${request("connect")}>${t("runtime.connect")}<//>
      <${Action} right="operator" request=${request("disconnect")} confirm=${t("runtime.disconnect.confirm", { name })}>${t("runtime.disconnect")}<//>
      <${Action} request=${request("test")} onDone=${({ data }) => setAnswer(data)}>${t("runtime.test")}<//>
    </p>
    ${answer && html`<p role="status"><${State}
      state=${answer.state} /> ${answer.message} ${answer.milliseconds} ms ${answer.fingerprint && html`<code>${answer.fingerprint}</code>`}</p>`}`;
}

/** @param {{name: string}} given */
function Diagnostics({ name }) {
  /** @type {Reading<Api.SourceDiagnostics>} */
  const buffer = useRead(path`runtime/sources/${name}/diagnostics`, { count: 100, language: textLanguage() });
  return loaded(buffer, ({ entries }) => html`<${Table} label=${t("runtime.diagnostics")} rows=${entries} keyOf=${(each) => entries.indexOf(each)}
      columns=${[
        { id: "time", title: t("time"), show: (each) => when(each.time) },
        { id: "text", title: t("runtime.event"), wide: true,
          show: (each) => html`<span title=${each.longText}>${each.incoming ? "+" : "−"} ${each.text}</span>` },
        { id: "event", title: t("runtime.number"), show: (each) => html`<code>${each.event}</code>` },
      ]} />`);
}
