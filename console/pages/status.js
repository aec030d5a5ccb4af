// @ts-check
/** Status: the start page. */
import { html } from "htm/preact";
import { Loaded, useRead } from "../parts/load.js";
import { Table } from "../parts/table.js";
import { t } from "../texts.js";

export default function Status() {
  const health = useRead("health/details");
  return html`<h1>${t("page.status")}</h1>
    <${Loaded} of=${health}>
      ${(found) => html`<p>${t("status.service")} <strong>${found.state}</strong></p>
        <h2>${t("status.portals")}</h2>
        <${Table} label=${t("status.portals")} rows=${found.portals} keyOf=${(each) => each.processId}
          columns=${[
            { id: "processId", title: t("status.process"), numeric: true },
            { id: "state", title: t("state") },
            { id: "operation", title: t("operation"), wide: true },
          ]} />`}
    <//>`;
}
