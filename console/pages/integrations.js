// @ts-check
/** Integrations: webhooks, sinks of values, and the servers (OPC UA, S7, Web API) through which others read simulated PLCs. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { number, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Creation } from "../parts/form.js";
import { loaded, useRead } from "../parts/load.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";

/** Kinds of states that parts/state.js does not know. @type {Record<string, string>} */
const KINDS = { Delivered: "good", Failed: "bad", running: "good", failed: "bad" };

export default function Integrations() {
  return html`<h1>${t("page.integrations")}</h1>
    <${Tabs} label=${t("page.integrations")} tabs=${[
      { id: "webhooks", title: t("integrations.webhooks"), show: () => html`<${Webhooks} />` },
      { id: "sinks", title: t("integrations.sinks"), show: () => html`<${Sinks} />` },
      { id: "servers", title: t("integrations.servers"), show: () => html`<${Servers} />` },
    ]} />`;
}

/** @param {{isOn: boolean}} given */
function Enabled({ isOn }) {
  return html`<${State} state=${isOn ? "enabled" : "disabled"} kind=${isOn ? "good" : "idle"} />`;
}

function Webhooks() {
  const hooks = useRead("webhooks");
  const [shown, setShown] = useState(/** @type {Api.Webhook|null} */ (null));
  return html`<${Creation} title=${t("integrations.webhook.create")} onDone=${hooks.reload} request=${(body) => ({ method: "POST", path: "webhooks", body })}
      fields=${[
        { name: "url", title: t("integrations.address"), required: true },
        { name: "events", title: t("integrations.events"), type: "list", value: "job.*", hint: t("integrations.events.hint") },
        { name: "secret", title: t("integrations.secret"), type: "password", required: true, hint: t("integrations.secret.hint") },
        { name: "description", title: t("description") },
      ]} />
    ${loaded(hooks, (rows) => html`<${Table} label=${t("integrations.webhooks")} rows=${rows} keyOf=${(hook) => hook.id}
      empty=${t("integrations.webhooks.none")}
        columns=${[
          { id: "url", title: t("integrations.address"), sort: true, wide: true },
          { id: "events", title: t("integrations.events"), show: (hook) => hook.events.join(", ") },
          { id: "enabled", title: t("state"), show: (hook) => html`<${Enabled} isOn=${hook.enabled} />` },
          {
            id: "actions",
            title: t("actions"),
            show: (hook) => html`<button type="button" onClick=${() => setShown(hook)}>${t("integrations.deliveries")}</button>
              <${Action} request=${{ method: "POST", path: path`webhooks/${hook.id}/actions/ping` }}
                onDone=${() => setShown(hook)}>${t("integrations.ping")}<//>
              <${Action} right="administrator" request=${{ method: "PUT", path: path`webhooks/${hook.id}`, body: { enabled: !hook.enabled } }}
                onDone=${hooks.reload}>${t(hook.enabled ? "disable" : "enable")}<//>
              <${Action} right="administrator" confirm=${t("integrations.webhook.remove.sure", { url: hook.url })}
                request=${{ method: "DELETE", path: path`webhooks/${hook.id}` }} onDone=${hooks.reload}>${t("remove")}<//>`,
          },
        ]} />`)}
    ${shown && html`<${Dialog} title=${t("integrations.deliveries")} onClose=${() => setShown(null)} wide><${Deliveries} hook=${shown} /><//>`}`;
}

/** @param {{hook: Api.Webhook}} given */
function Deliveries({ hook }) {
  /** @type {Reading<Api.Delivery[]>} */
  const deliveries = useRead(path`webhooks/${hook.id}/deliveries`, { limit: 100 });
  return html`<p><button type="button" onClick=${deliveries.reload}>${t("reload")}</button></p>
    ${loaded(deliveries, (rows) => html`<${Table} label=${t("integrations.deliveries")} rows=${rows} keyOf=${(each) => each.id}
      empty=${t("integrations.deliveries.none")}
        columns=${[
          { id: "createdAt", title: t("time"), show: (each) => when(each.createdAt) },
          { id: "event", title: t("integrations.event"), wide: true },
          { id: "status", title: t("state"), show: (each) => html`<${State} state=${each.status} kind=${KINDS[each.status] || "busy"} />` },
          { id: "attempts", title: t("integrations.attempts"), numeric: true, show: (each) => each.attempts.length },
          { id: "last", title: t("problem"), show: (each) => each.attempts.at(-1)?.error || each.attempts.at(-1)?.statusCode || "" },
          { id: "redeliver", title: t("actions"),
            show: (each) => html`<${Action} request=${{ method: "POST", path: path`webhooks/${hook.id}/deliveries/${each.id}/actions/redeliver` }}
              onDone=${deliveries.reload}>${t("integrations.redeliver")}<//>` },
        ]} />`)}`;
}

function Sinks() {
  const sinks = useRead("runtime/sinks");
  const [shown, setShown] = useState("");
  const [tried, setTried] = useState(/** @type {any} */ (null));
  return html`${loaded(sinks, (rows) => html`<${Table} label=${t("integrations.sinks")} rows=${rows} keyOf=${(sink) => sink.name}
    empty=${t("integrations.sinks.none")}
        columns=${[
          { id: "name", title: t("name"), sort: true, wide: true },
          { id: "enabled", title: t("state"), show: (sink) => html`<${Enabled} isOn=${sink.enabled} />` },
          { id: "pending", title: t("integrations.pending"), numeric: true, sort: true, show: (sink) => number(sink.pending) },
          { id: "delivered", title: t("integrations.delivered"), numeric: true, sort: true, show: (sink) => number(sink.delivered) },
          { id: "failed", title: t("integrations.failed"), numeric: true, sort: true, show: (sink) => number(sink.failed + sink.dropped) },
          { id: "message", title: t("problem") },
          {
            id: "actions",
            title: t("actions"),
            show: (sink) => html`<button type="button" onClick=${() => setShown(sink.name)}>${t("integrations.deliveries")}</button>
              <${Action} right="operator" request=${{ method: "POST", path: path`runtime/sinks/${sink.name}/actions/test` }}
                onDone=${(answer) => setTried(answer.data)}>${t("integrations.test")}<//>
              <${Action} right="operator" request=${{ method: "POST", path: path`runtime/sinks/${sink.name}/actions/flush` }}
                onDone=${sinks.reload}>${t("integrations.flush")}<//>
              <${Action} right="administrator" request=${{ method: "PATCH", path: path`runtime/sinks/${sink.name}`, body: { enabled: !sink.enabled } }}
                onDone=${sinks.reload}>${t(sink.enabled ? "disable" : "enable")}<//>`,
          },
        ]} />`)}
    ${tried && html`<${Dialog} title=${t("integrations.test")} onClose=${() => setTried(null)}><p><${State}
      state=${tried.arrived ? "good" : "bad"} /> ${tried.status} ${tried.error}</p><pre tabindex="0">${JSON.stringify(tried, null, 2)}</pre><//>`}
    ${shown && html`<${Dialog} title=${t("integrations.deliveries")} onClose=${() => setShown("")} wide><${Pushes} sink=${shown} /><//>`}`;
}

/** @param {{sink: string}} given */
function Pushes({ sink }) {
  /** @type {Reading<Api.PushInfo[]>} */
  const pushes = useRead(path`runtime/sinks/${sink}/deliveries`);
  return loaded(pushes, (rows) => html`<${Table} label=${t("integrations.deliveries")} rows=${rows} keyOf=${(each) => each.key}
    empty=${t("integrations.deliveries.none")}
      columns=${[
        { id: "time", title: t("time"), show: (each) => when(each.time) },
        { id: "status", title: t("state"), wide: true },
        { id: "attempts", title: t("integrations.attempts"), numeric: true },
        { id: "error", title: t("problem") },
        { id: "redeliver", title: t("actions"),
          show: (each) => html`<${Action} right="operator"
            request=${{ method: "POST", path: path`runtime/sinks/${sink}/actions/redeliver`, body: { key: each.key } }}
              onDone=${pushes.reload}>${t("integrations.redeliver")}<//>` },
      ]} />`);
}

function Servers() {
  const servers = useRead("runtime/servers");
  return loaded(servers, (rows) => html`<div class="cards">
      ${rows.map(
        (server) => html`<section key=${server.name} class="card">
          <h2>${server.name}</h2>
          <p><${State} state=${server.state} kind=${KINDS[server.state] || "idle"} /> ${server.message}</p>
          ${server.endpoints.map((each) => html`<p><code>${each}</code></p>`)}
          <${Action} right="administrator" confirm=${t(server.enabled ? "integrations.server.off.sure" : "integrations.server.on.sure", { name: server.name })}
            request=${{ method: "PUT", path: path`runtime/servers/${server.name}`, body: { enabled: !server.enabled, settings: server.settings } }}
              onDone=${servers.reload}>${t(server.enabled ? "integrations.off" : "integrations.on")}<//>
          ${server.state === "running" && html`<${Clients} server=${server.name} />`}
        </section>`,
      )}
    </div>`);
}

/** @param {{server: string}} given */
function Clients({ server }) {
  /** @type {Reading<Api.ServerClient[]>} */
  const clients = useRead(path`runtime/servers/${server}/clients`);
  return html`<h3>${t("integrations.clients")}</h3>
    ${loaded(clients, (rows) => (rows.length
      ? html`<ul>${rows.map((each) => html`<li>${each.name} ${each.address} · ${t("integrations.tags", { count: each.tags })}</li>`)}</ul>`
        : html`<p class="hint">${t("integrations.clients.none")}</p>`))}`;
}
