// @ts-check
/** API: the operations, and where their description is. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { BASE } from "../api.js";
import { t } from "../texts.js";
import { loaded, useRead } from "../parts/load.js";
import { Table } from "../parts/table.js";

export default function Api() {
  const operations = useRead("command/list", { pageSize: 10000 });
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  /** @param {Api.Command} each */
  const fits = (each) => `${each.name} ${each.summary} ${each.routes.map((route) => route.path).join(" ")}`.toLowerCase().includes(wanted);
  return html`<h1>${t("page.api")}</h1>
    <p>${t("api.hint")} <a href=${new URL("swagger", BASE).href}>Swagger</a> · <a href=${new URL("docs", BASE).href}>${t("api.docs")}</a> ·
      <a href=${new URL("schema/v2/openapi.json", BASE).href}>OpenAPI</a></p>
    <label class="field">${t("filter")}<input type="search" value=${text} onInput=${(event) => setText(event.target.value)} /></label>
    ${loaded(operations, (rows) => html`<${Table}
        label=${t("page.api")}
        rows=${rows.filter(fits)}
        keyOf=${(each) => each.name}
        columns=${[
          { id: "name", title: t("operation"), sort: true, show: (each) => html`<code>${each.name}</code>` },
          { id: "summary", title: t("api.summary"), wide: true },
          { id: "route", title: t("api.route"), show: (each) => html`<code>${each.routes[0]?.method} ${each.routes[0]?.path}</code>` },
          { id: "right", title: t("right"), sort: true, show: (each) => t(`right.${each.right}`) },
        ]}
      />`)}`;
}
