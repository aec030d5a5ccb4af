// @ts-check
/** Project: the tree of devices with blocks, tags, types, watch tables, sources and screens; and the libraries. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, get, path } from "../api.js";
import { link } from "../router.js";
import { news, project } from "../state.js";
import { t } from "../texts.js";
import { Problem } from "../parts/problem.js";
import { Tree } from "../parts/tree.js";

/** @typedef {import("../parts/tree.js").Node} Node */

/**
 * @typedef {{name: string, route: (owner: string) => string, read: (found: any, at: At) => Node[]}} Branch
 *   read: how the entries are shown; found: the answer of the route.
 */

/** The branches of a PLC: what each is called, its route, and how its entries are shown. @type {Branch[]} */
const BRANCHES = [
  { name: "blocks", route: (plc) => path`devices/${plc}/blocks/tree`, read: (found, at) => folders(found, at, "blockInfo", block) },
  { name: "tags", route: (plc) => path`devices/${plc}/tag-tables/tree`, read: (found, at) => folders(found, at, "tableInfo", tagTable) },
  { name: "types", route: (plc) => path`devices/${plc}/udts`, read: (found, at) => found.map((/** @type {Api.UdtInfo} */ each) => type(each, at)) },
  { name: "watch", route: (plc) => path`devices/${plc}/watch-tables`,
    read: (found, at) => found.map((/** @type {Api.WatchTableInfo} */ each) => watchTable(each, at)) },
  { name: "sources", route: (plc) => path`devices/${plc}/external-sources`, read: (found, at) => leaves(found, at) },
];
/** @type {Branch} */
const SCREENS = { name: "screens", route: (device) => path`devices/${device}/hmi/screens`, read: leaves };
/** @type {Branch} */
const LIBRARIES = { name: "libraries", route: () => "libraries/global", read: leaves };

/**
 * @typedef {{id: string, project: string, plc: string}} At
 * @typedef {{name: string, isFolder: boolean, children: Folder[], blockInfo?: Api.BlockInfo|null, tableInfo?: Api.TableInfo|null}} Folder
 * @param {Folder} node @param {At} at @param {"blockInfo"|"tableInfo"} info @param {(found: any, at: At) => Node} show
 * @returns {Node[]}
 */
function folders(node, at, info, show) {
  return node.children.map((each) => {
    if (!each.isFolder) return show(each[info] || each, at);
    const inside = { ...at, id: `${at.id}/${each.name}` };
    return { id: inside.id, name: each.name, children: folders(each, inside, info, show) };
  });
}

/** @param {{name: string, path?: string, kind?: string}[]} found @param {At} at @returns {Node[]} */
function leaves(found, at) {
  return found.map(({ name, path, kind }) => ({ id: `${at.id}/${path || name}`, name, hint: path || kind }));
}

/** @param {{isConsistent?: boolean, isKnowHowProtected?: boolean}} each */
function marks(each) {
  return [
    ...(each.isConsistent === false ? [{ text: t("project.inconsistent"), kind: "warning" }] : []),
    ...(each.isKnowHowProtected ? [{ text: t("project.protected") }] : []),
  ];
}

/** @param {Api.BlockInfo} found @param {At} at @returns {Node} */
function block(found, at) {
  const hint = `${found.type} ${found.number} · ${found.language}`;
  return { id: `${at.id}:${found.name}`, name: found.name, hint, badges: marks(found), href: link(["p", at.project, at.plc, "blocks", found.name]) };
}

/** @param {{name: string, tagCount?: number}} found @param {At} at @returns {Node} */
function tagTable(found, at) {
  return { id: `${at.id}:${found.name}`, name: found.name, hint: t("project.tags", { count: found.tagCount ?? 0 }),
    href: link(["p", at.project, at.plc, "tags"], { table: found.name }) };
}

/** @param {Api.UdtInfo} found @param {At} at @returns {Node} */
function type(found, at) {
  return { id: `${at.id}:${found.name}`, name: found.name, badges: marks(found), hint: found.folder,
    href: link(["p", at.project, at.plc, "tags"], { type: found.name }) };
}

/** @param {Api.WatchTableInfo} found @param {At} at @returns {Node} */
function watchTable(found, at) {
  return { id: `${at.id}:${found.name}`, name: found.name, badges: marks(found), hint: found.folder,
    href: link(["p", at.project, at.plc, "watch"], { table: found.name }) };
}

export default function Project() {
  const [filter, setFilter] = useState("");
  const [read, setRead] = useState(/** @type {Record<string, Node[]|"busy">} */ ({}));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  /** @type {import("../state.js").OpenProject} */
  const open = project.value;
  const event = news.value;
  const stands = `${open.path} ${open.devices.length}`;
  /** Read a branch once. @param {string} id @param {string} route @param {(found: any, at: At) => Node[]} show @param {string} plc */
  const load = (id, route, show, plc) => {
    if (read[id]) return;
    setRead((before) => ({ ...before, [id]: "busy" }));
    get(route).then(
      (found) => setRead((before) => ({ ...before, [id]: show(found, { id, project: open.name, plc }) })),
      (failed) => {
        setProblem(failed);
        setRead(({ [id]: _, ...others }) => others);
      },
    );
  };
  useEffect(() => setRead({}), [stands]);
  useEffect(() => {
    if (event?.kind === "operation.done" || event?.kind === "project.changed") setRead({});
  }, [event]);
  const nodes = useMemo(() => devices(open, read, load), [open, read]);
  useEffect(() => {
    if (filter) for (const branch of nodes.flatMap((each) => each.children || [])) if (/\/blocks$|\/tags$/.test(branch.id)) branch.load?.();
  }, [filter !== "", nodes]);
  return html`<h1>${open.name}</h1>
    <p class="hint">${open.path}</p>
    <label class="field">${t("filter")}<input type="search" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>
    ${problem && html`<${Problem} problem=${problem instanceof ApiProblem ? problem : new ApiProblem({ detail: String(problem) })}
      retry=${() => setProblem(null)} />`}
    ${open.devices.length ? html`<${Tree} label=${t("page.project")} nodes=${nodes} filter=${filter} first=${open.devices.map((each) => each.name)} />`
      : html`<div class="empty">${t("project.empty")}</div>`}`;
}

/**
 * @param {import("../state.js").OpenProject} open @param {Record<string, Node[]|"busy">} read
 * @param {(id: string, route: string, show: (found: any, at: At) => Node[], plc: string) => void} load
 * @returns {Node[]}
 */
function devices(open, read, load) {
  /** @param {string} owner @param {string} plc @param {Branch} branch @returns {Node} */
  const branchOf = (owner, plc, branch) => {
    const id = `${owner}/${branch.name}`;
    const found = read[id];
    return { id, name: t(`project.branch.${branch.name}`), isBusy: found === "busy", children: Array.isArray(found) ? found : [],
      load: () => load(id, branch.route(plc), branch.read, plc) };
  };
  const stations = open.devices.map((each) => ({
    id: each.name,
    name: each.name,
    hint: [each.cpuName, each.articleNumber, each.ipAddresses?.join(", ")].filter(Boolean).join(" · "),
    children: each.cpuName && each.softwareName ? BRANCHES.map((branch) => branchOf(each.name, each.softwareName || "", branch))
      : /hmi|panel/i.test(each.type) ? [branchOf(each.name, each.name, SCREENS)] : undefined,
  }));
  return [...stations, branchOf("", "", LIBRARIES)];
}
