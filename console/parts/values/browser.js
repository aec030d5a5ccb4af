// @ts-check
/** The tags of a source: folder by folder, or found by a part of their names; with their values. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { link, route, setQuery } from "../../router.js";
import { plcs, project } from "../../state.js";
import { t } from "../../texts.js";
import { loaded, useRead } from "../load.js";
import { Table } from "../table.js";
import { Live } from "./values.js";
import { Write } from "./write.js";

const MOST = 1000;

/** @param {{source: Api.RuntimeSource}} given */
export function Browser({ source }) {
  const below = route.value.query.get("path") || "";
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  const nodes = useRead(wanted ? "runtime/tags" : "runtime/tags/browse", {
    source: source.name,
    pageSize: MOST,
    ...(wanted ? { filter: `tag~*${wanted.replace(/[;*?]/g, "?")}*` } : { path: below }),
  });
  const steps = below ? below.split(".") : [];
  return html`<form class="buttons" onSubmit=${(event) => (event.preventDefault(), setWanted(text.trim()))}>
      <label>${t("filter")} <input type="search" value=${text}
        onInput=${(event) => (setText(event.target.value), event.target.value || setWanted(""))} /></label>
      <button>${t("search")}</button>
    </form>
    ${!wanted && steps.length > 0 &&
    html`<nav aria-label=${t("runtime.path")}><a href=${link(["runtime"], { source: source.name })}>${source.name}</a>
      ${steps.map((step, index) => html` › <a
        href=${link(["runtime"], { source: source.name, path: steps.slice(0, index + 1).join(".") })}>${step}</a>`)}</nav>`}
    ${loaded(nodes, (found) => html`<${Table} label=${t("runtime.tags")} rows=${found} keyOf=${(each) => each.tag} height=${60}
      empty=${t(wanted ? "runtime.notfound" : "runtime.notags")}
          columns=${[
            { id: "name", title: t("runtime.tag"), sort: true, wide: true,
              show: (each) => html`<${Name} node=${each} source=${source} isFull=${Boolean(wanted)} />` },
            { id: "dataType", title: t("runtime.type"), sort: true, show: (each) => html`<code>${each.dataType}</code>` },
            { id: "area", title: t("runtime.area"), sort: true },
            { id: "value", title: t("watch.value"), numeric: true, show: (each) => each.hasValue && html`<${Live} tag=${each.tag} />` },
            { id: "actions", title: t("actions"), show: (each) => each.hasValue && html`<${Buttons} node=${each} source=${source} />` },
          ]} />
        ${nodes.total !== null && nodes.total > found.length
          && html`<p class="hint">${t("runtime.more", { shown: found.length, total: nodes.total })}</p>`}`)}`;
}

/** @param {{node: Api.ValuesTagInfo, source: Api.RuntimeSource, isFull: boolean}} given */
function Name({ node, source, isFull }) {
  const below = node.tag.slice(node.tag.indexOf(":") + 1);
  const shown = isFull ? below : node.name;
  const name = node.hasChildren
    ? html`<a href=${link(["runtime"], { source: source.name, path: below })}
      onClick=${(event) => (event.preventDefault(), setQuery({ source: source.name, path: below }))}>${shown} ›</a>`
    : shown;
  return html`<span title=${node.description}>${name}</span>`;
}

/** @param {{node: Api.ValuesTagInfo, source: Api.RuntimeSource}} given */
function Buttons({ node, source }) {
  const below = node.tag.slice(node.tag.indexOf(":") + 1);
  const plc = plcs.value.find((each) => each.toLowerCase() === source.name.toLowerCase());
  return html`<span class="buttons">
    ${node.writable && html`<${Write} tag=${node.tag} isReal=${source.real} />`}
    <a class="button" href=${link(["trends"], { tag: [node.tag] })} aria-label=${`${t("page.trends")} ${node.tag}`}>${t("page.trends")}</a>
    ${plc && html`<a class="button" href=${link(["p", project.value.name, plc, "watch"], { add: below })}
      aria-label=${`${t("page.watch")} ${node.tag}`}>${t("page.watch")}</a>`}
  </span>`;
}
