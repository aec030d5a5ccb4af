// @ts-check
/** What is known of a block besides its program: interface, references, history, findings. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../../api.js";
import { link, route, setQuery } from "../../router.js";
import { t, when } from "../../texts.js";
import { Action } from "../action.js";
import { Difference } from "./difference.js";
import { loaded, useRead } from "../load.js";
import { tagOf } from "./operand.js";
import { Past, State } from "../state.js";
import { Table } from "../table.js";

/** @typedef {{project: string, plc: string, block: string}} Names */

/**
 * The members with those inside them, each with its depth.
 * @param {Api.MemberContent[]} members
 * @param {string} before
 * @param {number} depth
 * @returns {(Api.MemberContent & {id: string, depth: number})[]}
 */
function flat(members, before = "", depth = 0) {
  return members.flatMap((each) => {
    const id = `${before}${each.name}`;
    return [{ ...each, id, depth }, ...flat(each.members, `${id}.`, depth + 1)];
  });
}

/** @param {Names} given */
export function Interface({ plc, block }) {
  /** @type {Reading<Api.BlockContent>} */
  const content = useRead(path`devices/${plc}/blocks/${block}/content`);
  /** @type {import("../table.js").Column[]} */
  const columns = [
    { id: "name", title: t("interface.name"), show: (row) => html`<code>${"\u2003".repeat(row.depth)}${row.name}</code>` },
    { id: "section", title: t("interface.section") },
    { id: "dataType", title: t("operand.type") },
    { id: "startValue", title: t("interface.start") },
    { id: "remanence", title: t("interface.retain") },
    { id: "comment", title: t("operand.comment"), wide: true },
  ];
  return loaded(content, (found) =>
    html`<${Table} label=${t("block.interface")} columns=${columns} rows=${flat(found.interface)} keyOf=${(row) => `${row.section}.${row.id}`}
      empty=${t("interface.empty")} />`);
}

/** Where a location leads: a block with its network. @param {Names} names @param {string} location @param {string} name */
function placeOf({ project, plc }, location, name) {
  const found = /^@?(.+?)\s*▶\s*NW(\d+)/.exec(location);
  const block = found ? found[1].replaceAll('"', "") : name;
  return link(["p", project, plc, "blocks", block], { net: found?.[2] });
}

/** @param {Names} names */
export function References(names) {
  const { plc, block } = names;
  const operand = route.value.query.get("of") || "";
  const tag = tagOf(operand);
  const target = tag ? path`devices/${plc}/tags/${tag}/cross-references`
    : path`devices/${plc}/blocks/${/^"([^"]+)"\./.exec(operand)?.[1] || block}/cross-references`;
  const references = useRead(target);
  /** @type {import("../table.js").Column[]} */
  const columns = [
    { id: "name", title: t("references.object"), sort: true },
    { id: "access", title: t("references.access"), sort: true },
    { id: "reference", title: t("references.kind"), sort: true },
    { id: "location", title: t("references.place"), wide: true,
      show: (row) => (/▶/.test(row.location) ? html`<a href=${placeOf(names, row.location, row.name)}>${row.location}</a>` : row.location) },
    { id: "operand", title: t("operand") },
  ];
  /** @param {Api.BlockReferences|Api.ObjectReferences} found */
  const rows = (found) =>
    found.sources.flatMap((source) =>
      source.referenceObjects.flatMap((other) =>
        other.locations.map((each, index) => ({
          key: `${source.name} ${other.name} ${index} ${each.referenceLocation}`,
          name: other.name, access: each.access, reference: each.referenceType, location: each.referenceLocation, operand: each.name || source.name,
        })),
      ),
    );
  return html`${operand && html`<p>${t("references.of")} <code>${operand}</code> <button type="button" class="link"
    onClick=${() => setQuery({ of: "" })}>${t("references.all")}</button></p>`}
    ${loaded(references, (found) => html`<${Table} label=${t("block.references")} columns=${columns} rows=${rows(found)} keyOf=${(row) => row.key}
      empty=${t("references.empty")} />`)}`;
}

/** @param {Names} given */
export function History({ plc, block }) {
  /** @type {Reading<Api.SnapshotInfo[]>} */
  const snapshots = useRead(path`history/blocks/${plc}/${block}`);
  const chosen = route.value.query.get("snapshot") || "";
  /** @type {import("../table.js").Column[]} */
  const columns = [
    { id: "createdAt", title: t("history.time"), sort: true, show: (row) => when(row.createdAt) },
    { id: "author", title: t("history.author"), sort: true },
    { id: "note", title: t("history.note"), wide: true },
    { id: "compare", title: t("actions"),
      show: (row) => html`<button type="button" aria-pressed=${row.snapshotId === chosen ? "true" : "false"}
        onClick=${() => setQuery({ snapshot: row.snapshotId })}>${t("history.compare")}</button>` },
  ];
  const at = when(snapshots.data?.find((each) => each.snapshotId === chosen)?.createdAt);
  const keep = { method: "POST", path: path`history/blocks/${plc}/${block}/actions/snapshot`, body: {} };
  return html`${loaded(snapshots, (found) =>
      html`<${Table} label=${t("block.history")} columns=${columns} rows=${found} keyOf=${(row) => row.snapshotId}
        empty=${html`<p>${t("history.empty")}</p>`} />`)}
    <p><${Action} request=${keep} onDone=${snapshots.reload}>${t("history.keep")}<//></p>
    ${chosen && html`<${Past}>${t("past.snapshot", { at })}<//><${Difference} key=${chosen} plc=${plc} block=${block} left=${`snapshot:${chosen}`}
      right="project" labels=${[at, t("save.now")]} />`}`;
}

/** @param {Names} names */
export function Findings({ plc, block }) {
  const [report, setReport] = useState(/** @type {Api.CompileReport|null} */ (null));
  /** @type {import("../table.js").Column[]} */
  const columns = [
    { id: "severity", title: t("findings.severity"),
      show: (row) => html`<${State} state=${String(row.severity).toLowerCase()} kind=${/error/i.test(row.severity) ? "bad" : "warning"} />` },
    { id: "network", title: t("findings.network"),
      show: (row) => row.network ? html`<button type="button" class="link"
        onClick=${() => setQuery({ tab: "drawing", net: row.network })}>${row.network}</button>` : row.line ?? "" },
    { id: "message", title: t("findings.message"), wide: true, show: (row) => row.message || row.text },
  ];
  const compile = { method: "POST", path: path`devices/${plc}/blocks/${block}/actions/compile`, body: {} };
  return html`<p>${t("findings.hint")}</p>
    <p><${Action} kind="main" request=${compile} onDone=${(answer) => setReport(answer.data)}>${t("findings.compile")}<//></p>
    ${report && html`<p role="status">${t("findings.result", { errors: report.result.errorCount, warnings: report.result.warningCount })}</p>
      <${Table} label=${t("block.findings")} columns=${columns} rows=${report.diagnostics.map((each, index) => ({ ...each, index }))}
        keyOf=${(row) => row.index} empty=${t("findings.none")} />`}`;
}
