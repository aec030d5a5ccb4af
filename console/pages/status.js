// @ts-check
/** Status, the start page: what runs, what failed, and the first two things to do. */
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { link } from "../router.js";
import { news } from "../state.js";
import { number, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { loaded, useRead } from "../parts/load.js";
import { Opening } from "../parts/opening.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";

const PAUSE = 5000;

export default function Status() {
  const summary = useRead("status/summary");
  const event = news.value;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && summary.reload(), PAUSE);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (event && /^(project\.|job\.(status|created)|plc_tests\.)/.test(event.kind)) summary.reload();
  }, [event]);
  return html`<h1>${t("page.status")}</h1>${loaded(summary, (found) => html`<${Parts} found=${found} />`)}`;
}

/** @param {{found: Api.StatusSummary}} given The summary; a part that this caller may not see is null. */
function Parts({ found }) {
  const simulated = found.backend === "fake";
  return html`<p>
      ${t("status.service", { version: found.serviceVersion })} ·
      ${t(simulated ? "status.simulated" : "status.real", { version: found.tiaVersion })}
    </p>
    <div class="cards">
      <${Projects} found=${found} simulated=${simulated} />
      <${Plcs} found=${found} />
      ${found.alarms && html`<${AlarmCounts} alarms=${found.alarms} />`}
      <${LastTests} run=${found.lastTestRun} />
      <${Running} jobs=${found.jobs} />
      ${found.disk && html`<${DiskSpace} disk=${found.disk} />`}
    </div>
    ${found.sources && html`<${SourceTable} sources=${found.sources} />`}
    <${Failed} jobs=${found.jobs} />
    ${found.portals && html`<${Portals} found=${found} />`}
    ${found.workers && html`<${Workers} workers=${found.workers} />`}
    ${found.changes && html`<${Changes} changes=${found.changes} />`}`;
}

/** @param {{found: Api.StatusSummary, simulated: boolean}} given */
function Projects({ found, simulated }) {
  const open = found.projects;
  return html`<section class="card"><h2>${t("status.projects")}</h2>
    ${open.map((each) => html`<p><a href=${link(["p", each.name])}><strong>${each.name}</strong></a> <span class="hint">${each.path}</span></p>`)}
    ${!open.length && html`<p>${t("status.project.none")}</p>`}
    <div class="buttons">
      ${!open.length && simulated &&
      html`<${Action} kind="main" right="operator" request=${{ method: "POST", path: "projects/actions/create-demo" }}>${t("demo.create")}<//>`}
      <${Opening} />
    </div>
    ${!open.length && simulated && html`<p class="hint">${t("demo.hint")}</p>`}
  </section>`;
}

/** @param {{found: Api.StatusSummary}} given */
function Plcs({ found }) {
  if (!found.plcs) return null;
  return html`<section class="card"><h2>${t("status.plcs")}</h2>
    ${found.plcs.map((each) => html`<p><strong>${each.name}</strong> <${State} state=${each.operatingState} /> <span
      class="hint">${each.addresses?.join(", ")}</span></p>`)}
    ${!found.plcs.length && html`<p>${t("status.plcs.none")}</p>`}
  </section>`;
}

/** @param {{alarms: Api.AlarmsInShort}} given */
function AlarmCounts({ alarms }) {
  return html`<section class="card"><h2>${t("status.alarms")}</h2>
    ${alarms.active
      ? html`<p>${t("status.alarms.counts", { active: alarms.active, unacknowledged: alarms.unacknowledged })}</p>
          <ul>${alarms.priorities.map((each) => html`<li>${t("status.alarms.priority", { priority: each.priority, active: each.active })}</li>`)}</ul>`
      : html`<p><${State} state="good" /> ${t("status.alarms.none")}</p>`}
  </section>`;
}

/** @param {{run: Api.RunSummary|null}} given */
function LastTests({ run }) {
  return html`<section class="card"><h2>${t("status.tests")}</h2>
    ${run
      ? html`<p><${State} state=${run.failed ? "failed" : "passed"} /> ${t("tests.counts", { passed: run.passed, total: run.total })}
          ${" "}· ${when(run.completedAt)}</p>
          ${run.error && html`<p class="hint">${run.error}</p>`}
          <p><a href=${link(["tests", run.id])}>${t("tests.open")}</a></p>`
      : html`<p>${t("status.tests.none")}</p>`}
    <p><a class="button" href=${link(["tests"])}>${t("page.tests")}</a></p>
  </section>`;
}

/** @param {{jobs: Api.JobsInShort}} given */
function Running({ jobs }) {
  return html`<section class="card"><h2>${t("status.running")}</h2>
    ${jobs.running.map(
      (job) => html`<p><a href=${link(["jobs", job.jobId])}>${job.operation}</a>
        <progress max="100" value=${job.progress} aria-label=${t("progress")}></progress> ${job.message}</p>`,
    )}
    ${!jobs.running.length && html`<p>${t("status.running.none")}</p>`}
  </section>`;
}

/** @param {{disk: Api.Disk}} given */
function DiskSpace({ disk }) {
  /** @param {number} bytes */
  const gigabytes = (bytes) => number(bytes / 2 ** 30, 1);
  return html`<section class="card"><h2>${t("status.disk")}</h2>
    <p><${State} state=${disk.enough ? "good" : "error"} /> ${t("status.disk.free", { free: gigabytes(disk.freeBytes), total: gigabytes(disk.totalBytes) })}</p>
    <p><meter min="0" max=${disk.totalBytes} value=${disk.totalBytes - disk.freeBytes} aria-label=${t("status.disk")}></meter></p>
  </section>`;
}

/** @param {{sources: Api.SourceInShort[]}} given */
function SourceTable({ sources }) {
  return html`<h2>${t("status.sources")}</h2>
    <${Table} label=${t("status.sources")} rows=${sources} keyOf=${(each) => each.name} columns=${[
      { id: "name", title: t("name"), sort: true, wide: true },
      { id: "kind", title: t("kind"), sort: true },
      { id: "state", title: t("state"), show: (each) => (each.state ? html`<${State} state=${each.state} />` : "") },
      { id: "values", title: t("status.values"), numeric: true, show: (each) => number(each.values) },
      { id: "share", title: t("status.share"), numeric: true, show: (each) => (each.share === null ? "" : `${number(each.share * 100, 1)} %`) },
    ]} />`;
}

/** @param {{jobs: Api.JobsInShort}} given */
function Failed({ jobs }) {
  if (!jobs.failed.length) return null;
  return html`<h2>${t("status.failed")}</h2>
    <${Table} label=${t("status.failed")} rows=${jobs.failed} keyOf=${(each) => each.jobId} columns=${[
      { id: "operation", title: t("operation"), show: (each) => html`<a href=${link(["jobs", each.jobId])}>${each.operation}</a>` },
      { id: "error", title: t("problem"), wide: true },
      { id: "completedAt", title: t("time"), show: (each) => when(each.completedAt) },
    ]} />`;
}

/** @param {{found: Api.StatusSummary}} given */
function Portals({ found }) {
  return html`<h2>${t("status.portals")}</h2>
    <${Table} label=${t("status.portals")} rows=${[...(found.portals || []), ...(found.lost || [])]} keyOf=${(each) => `${each.processId} ${each.at || ""}`}
      empty=${t("status.portals.none")} columns=${[
        { id: "processId", title: t("status.process") },
        { id: "state", title: t("state"), show: (each) => html`<${State} state=${each.state} />` },
        { id: "operation", title: t("operation"), wide: true, show: (each) => each.operation || each.message || "" },
        { id: "waiting", title: t("status.waiting"), numeric: true },
      ]} />`;
}

/** @param {{workers: Api.WorkerInfo[]}} given */
function Workers({ workers }) {
  return html`<h2>${t("status.workers")}</h2>
    <${Table} label=${t("status.workers")} rows=${workers} keyOf=${(each) => each.name} columns=${[
      { id: "name", title: t("name"), sort: true, wide: true },
      { id: "status", title: t("state"), show: (each) => html`<${State} state=${each.status} />` },
      { id: "projects", title: t("status.projects"), show: (each) => each.projects.join(", ") },
      { id: "waiting", title: t("status.waiting"), numeric: true },
    ]} />`;
}

/** @param {{changes: Api.ChangeInShort[]}} given */
function Changes({ changes }) {
  return html`<h2>${t("status.changes")}</h2>
    <${Table} label=${t("status.changes")} rows=${changes} keyOf=${(each) => `${each.at} ${each.operation}`} columns=${[
      { id: "at", title: t("time"), show: (each) => when(each.at) },
      { id: "operation", title: t("operation"), wide: true },
      { id: "caller", title: t("status.caller") },
      { id: "outcome", title: t("state"), show: (each) => html`<${State} state=${each.outcome} kind=${each.outcome === "ok" ? "good" : "bad"} />` },
    ]} />`;
}
