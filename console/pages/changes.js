// @ts-check
/** Changes: what differs from the last commit, the commits, branches, snapshots; and how a block differs between two states. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { link, route, setQuery } from "../router.js";
import { toast } from "../state.js";
import { t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Difference } from "../parts/block/difference.js";
import { loaded, useRead } from "../parts/load.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";

const CONTROL = "source-control";

/** @param {{project: string, plc: string}} names */
export default function Changes({ project, plc }) {
  const { query } = route.value;
  const block = query.get("block");
  /** @type {Reading<Api.RepositoryStatus>} */
  const status = useRead(`${CONTROL}/status`);
  if (block) return html`<${OneBlock} project=${project} plc=${query.get("plc") || plc} block=${block} left=${query.get("left") || "commit:HEAD"}
    right=${query.get("right") || "project"} />`;
  return html`<h1>${t("page.changes")}</h1>
    ${loaded(status, (found) => html`<${Tabs} label=${t("page.changes")} tabs=${[
        ...(found.isInitialized
          ? [
              { id: "now", title: t("changes.now"), show: () => html`<${Now} status=${found} reload=${status.reload} />` },
              { id: "log", title: t("changes.log"), show: () => html`<${Log} />` },
              { id: "branches", title: t("changes.branches"), show: () => html`<${Branches} reload=${status.reload} />` },
            ]
          : [{ id: "now", title: t("changes.now"), show: () => html`<${Begin} reload=${status.reload} />` }]),
        { id: "snapshots", title: t("changes.snapshots"), show: () => html`<${Snapshots} plc=${plc} />` },
      ]} />`)}`;
}

/** @param {{reload: () => void}} given */
function Begin({ reload }) {
  return html`<div class="empty"><p>${t("changes.none")}</p>
    <${Action} kind="main" request=${{ method: "POST", path: `${CONTROL}/init`, body: {} }} onDone=${reload}>${t("changes.init")}<//></div>`;
}

/** The block that a path of the repository is of; null for anything else. @param {string} file */
function blockOf(file) {
  const parts = file.split("/").map(decodeURIComponent);
  return parts[0] === "blocks" && file.endsWith(".xml") ? { plc: parts[1], block: parts[parts.length - 1].slice(0, -4) } : null;
}

/** @param {{file: string, left: string, right: string}} given */
function Compare({ file, left, right }) {
  const found = blockOf(file);
  return found && html`<a href=${link(route.value.path, { plc: found.plc, block: found.block, left, right })}>${t("changes.compare")}</a>`;
}

/** @param {{status: Api.RepositoryStatus, reload: () => void}} given */
function Now({ status, reload }) {
  const [message, setMessage] = useState("");
  const [isCompiling, setCompiling] = useState(true);
  /** @param {import("../api.js").Answer} answer */
  const done = (answer) => {
    toast(answer.data.message, { kind: "done" });
    setMessage("");
    reload();
  };
  return html`<p>${t("changes.as", { branch: status.branch || "-", time: status.exportedAt ? when(status.exportedAt) : t("never") })}
      <${Action} request=${{ method: "POST", path: `${CONTROL}/export-preview-sync`, body: { compile: isCompiling } }}
        onDone=${reload}>${t("changes.read")}<//></p>
    ${!status.isApplied && html`<p class="warning">${t("changes.unapplied")}</p>`}
    <${Table} label=${t("changes.now")} rows=${status.changes} keyOf=${(each) => each.filePath} empty=${t("changes.clean")}
      columns=${[
        { id: "status", title: t("changes.status"), sort: true, show: (each) => t(`file.${each.status}`) },
        { id: "filePath", title: t("changes.file"), sort: true, wide: true },
        { id: "deviceName", title: t("plc"), sort: true },
        {
          id: "actions",
          title: t("actions"),
          show: (each) => html`<${Compare} file=${each.filePath} left="commit:HEAD"
            right="project" /> ${each.status !== "Added" && html`<${Restore} file=${each.filePath} sha="HEAD" onDone=${reload} />`}`,
        },
      ]} />
    ${status.leftOut.length > 0 && html`<details><summary>${t("changes.out", { count: status.leftOut.length })}</summary>
      <ul>${status.leftOut.map((each) => html`<li>${each.message}</li>`)}</ul></details>`}
    <form class="card" onSubmit=${(event) => event.preventDefault()}>
      <label class="field">${t("changes.message")}<input value=${message} onInput=${(event) => setMessage(event.target.value)} /></label>
      <label><input type="checkbox" checked=${isCompiling} onChange=${(event) => setCompiling(event.target.checked)} />${t("changes.compile")}</label>
      <${Action} kind="main" disabled=${!message.trim()}
        request=${() => ({ method: "POST", path: `${CONTROL}/commit-sync`, body: { message, compile: isCompiling } })} onDone=${done}>${t("changes.commit")}<//>
    </form>`;
}

/** @param {{file: string, sha: string, onDone?: () => void}} given */
function Restore({ file, sha, onDone }) {
  const done = () => {
    toast(t("changes.restored", { file }), { kind: "done" });
    onDone?.();
  };
  return html`<${Action} preview confirm=${t("changes.restore.sure", { file, commit: sha.slice(0, 8) })} onDone=${done}
    request=${{ method: "POST", path: `${CONTROL}/restore-sync`, body: { commitSha: sha, filePath: file } }}>${t("restore")}<//>`;
}

function Log() {
  /** @type {Reading<Api.CommitInfo[]>} */
  const log = useRead(`${CONTROL}/log`, { count: 200 });
  const chosen = route.value.query.get("commit");
  return html`${loaded(log, (rows) => html`<${Table} label=${t("changes.log")} rows=${rows} keyOf=${(each) => each.sha} empty=${t("changes.log.none")}
        columns=${[
          { id: "shortSha", title: t("changes.commit.id"),
            show: (each) => html`<button type="button" class="link" onClick=${() => setQuery({ commit: each.sha })}>${each.shortSha}</button>` },
          { id: "message", title: t("changes.message"), wide: true },
          { id: "author", title: t("changes.author"), sort: true },
          { id: "timestamp", title: t("time"), sort: true, show: (each) => when(each.timestamp) },
          { id: "filesChanged", title: t("changes.files"), numeric: true },
        ]} />`)}
    ${chosen && html`<${Commit} key=${chosen} sha=${chosen} />`}`;
}

/** @param {{sha: string}} given */
function Commit({ sha }) {
  /** @type {Reading<Api.RepositoryDiff>} */
  const found = useRead(`${CONTROL}/diff`, { from: `${sha}~1`, to: sha, explain: true });
  return html`<h2>${t("changes.in", { commit: sha.slice(0, 8) })}</h2>
    ${loaded(found, (difference) => html`<ul class="changes">${difference.files.map(
        (each) => html`<li><strong>${t(`file.${each.status}`)}</strong> ${each.path}
          <${Compare} file=${each.path} left=${`commit:${sha}~1`} right=${`commit:${sha}`} />
          ${each.status !== "Deleted" && html` <${Restore} file=${each.path} sha=${sha} />`}
          <ul>${(each.changes || []).slice(0, 50).map((one) => html`<li>${one.text}</li>`)}</ul></li>`,
      )}</ul>`)}`;
}

/** @param {{reload: () => void}} given */
function Branches({ reload }) {
  /** @type {Reading<Api.Branch[]>} */
  const branches = useRead(`${CONTROL}/branches`);
  const [name, setName] = useState("");
  const done = () => {
    branches.reload();
    reload();
  };
  return html`${loaded(branches, (rows) => html`<${Table} label=${t("changes.branches")} rows=${rows} keyOf=${(each) => each.name}
        columns=${[
          { id: "name", title: t("name"), sort: true, wide: true,
            show: (each) => html`${each.name} ${each.isCurrent && html`<span class="badge">${t("changes.current")}</span>`}` },
          {
            id: "actions",
            title: t("actions"),
            show: (each) => !each.isCurrent && !each.isRemote
              && html`<${Action} confirm=${t("changes.checkout.sure", { name: each.name })}
                request=${{ method: "POST", path: `${CONTROL}/branches/checkout`, body: { branchName: each.name } }} onDone=${done}>${t("changes.checkout")}<//>
              <${Action} confirm=${t("changes.merge.sure", { name: each.name })}
                request=${{ method: "POST", path: `${CONTROL}/merge`, body: { branchName: each.name } }} onDone=${done}>${t("changes.merge")}<//>`,
          },
        ]} />`)}
    <form class="card" onSubmit=${(event) => event.preventDefault()}>
      <label class="field">${t("changes.branch.new")}<input value=${name} onInput=${(event) => setName(event.target.value)} /></label>
      <${Action} disabled=${!name.trim()} request=${() => ({ method: "POST", path: `${CONTROL}/branches`, body: { branchName: name.trim() } })}
        onDone=${() => (setName(""), done())}>${t("create")}<//>
    </form>`;
}

/** @param {{plc: string}} given */
function Snapshots({ plc }) {
  const found = useRead("history/snapshots", { deviceName: plc, limit: 1000 });
  return loaded(found, (rows) => html`<${Table} label=${t("changes.snapshots")} rows=${rows} keyOf=${(each) => each.snapshotId}
    empty=${t("changes.snapshots.none")}
      columns=${[
        { id: "createdAt", title: t("time"), sort: true, show: (each) => when(each.createdAt) },
        { id: "subject", title: t("name"), show: (each) => each.subject.name },
        { id: "note", title: t("changes.note"), wide: true },
        { id: "author", title: t("changes.author"), sort: true },
        {
          id: "actions",
          title: t("actions"),
          show: (each) => html`${each.subject.kind === "block"
            && html`<a href=${link(route.value.path,
              { block: each.subject.name, left: `snapshot:${each.snapshotId}`, right: "project" })}>${t("changes.compare")}</a> `}
            <${Action} preview confirm=${t("changes.snapshot.sure", { name: each.subject.name, time: when(each.createdAt) })}
              onDone=${() => toast(t("changes.restored", { file: each.subject.name }), { kind: "done" })}
              request=${{ method: "POST", path: `history/snapshots/${encodeURIComponent(each.snapshotId)}/actions/restore-sync`,
                body: {} }}>${t("restore")}<//>`,
        },
      ]} />`);
}

/** A state in words. @param {string} state */
function words(state) {
  const [kind, which = ""] = state.split(/:(.*)/);
  return t(`state.of.${kind}`, { which: which.slice(0, 12) });
}

/** @param {{project: string, plc: string, block: string, left: string, right: string}} given */
function OneBlock({ project, plc, block, left, right }) {
  return html`<h1>${t("changes.of", { block })}</h1>
    <p><a href=${link(route.value.path)}>${t("page.changes")}</a> · <a
      href=${link(["p", project, plc, "blocks", block], { tab: "code" })}>${t("block.code")}</a></p>
    <${Difference} plc=${plc} block=${block} left=${left} right=${right} labels=${[words(left), words(right)]} />`;
}
