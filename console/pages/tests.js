// @ts-check
/** Tests: the test files, what became of each test, the job that runs them, and the kept runs. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, path } from "../api.js";
import { go, link } from "../router.js";
import { follow } from "../sse.js";
import { may, plc, project } from "../state.js";
import { duration, number, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Coverage } from "../parts/simulation/coverage.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";

/** The pattern that fits one name alone: special characters of patterns stand for any one. @param {string} name */
export function only(name) {
  return `?${[...name].slice(1).join("").replace(/[*?[\]]/g, "?")}`;
}

export default function Tests() {
  const suites = useRead("plc-tests/suites");
  const runs = useRead("plc-tests/runs");
  /** @type {Reading<Api.KeptRun>} */
  const newest = useRead(runs.data?.length ? path`plc-tests/runs/${runs.data[0].id}` : null);
  const [job, setJob] = useState("");
  /** @param {any} body */
  const request = (body) => ({ method: "POST", path: "plc-tests/actions/run",
    body: { ...body, deviceName: plc.value || undefined, trace: true, coverage: true } });
  /** @param {import("../api.js").Answer} answer */
  const begin = (answer) => setJob(answer.data.jobId);
  const files = (suites.data || []).filter((each) => each.tests.length).map((each) => each.path);
  const results = new Map((newest.data?.report.results || []).map((each, index) => [`${each.file} ${each.testName}`, { ...each, index }]));
  return html`<h1>${t("page.tests")}</h1>
    ${job
      ? html`<${FollowJob} id=${job} onClose=${() => setJob("")} onResult=${(report) => go(["tests", report.run])} />`
      : html`<p class="buttons"><${Action} kind="main" right="engineer" disabled=${!files.length || !project.value} request=${request({ testPaths: files })}
        onDone=${begin}>${t("tests.run.all")}<//></p>`}
    ${!project.value && html`<p class="hint">${t("tests.need.project")}</p>`}
    ${loaded(suites, (found) =>
        found.length
          ? found.map((suite) => html`<${Suite} suite=${suite} results=${results} run=${newest.data?.summary.id} request=${request} begin=${begin}
            isBusy=${Boolean(job)} />`)
          : html`<div class="empty">${t("tests.none")}</div>`)}
    ${newest.data?.report.coverage && html`<${Coverage} coverage=${newest.data.report.coverage} />`}
    <h2>${t("tests.runs")}</h2>
    <p class="hint">${t("tests.runs.hint")}</p>
    ${loaded(runs, (found) => html`<${Table} label=${t("tests.runs")} rows=${found} keyOf=${(each) => each.id} empty=${t("status.tests.none")} columns=${[
        { id: "completedAt", title: t("time"), sort: true, show: (each) => html`<a href=${link(["tests", each.id])}>${when(each.completedAt)}</a>` },
        { id: "failed", title: t("state"),
          show: (each) => html`<${State} state=${each.failed ? "failed" : "passed"} /> ${t("tests.counts", { passed: each.passed, total: each.total })}` },
        { id: "percent", title: t("tests.coverage"), numeric: true, show: (each) => (each.percent === null ? "" : `${number(each.percent, 1)} %`) },
        { id: "durationMs", title: t("duration"), numeric: true, show: (each) => duration(each.durationMs / 1000) },
        { id: "error", title: t("tests.error"), wide: true },
      ]} />`)}`;
}

/**
 * @param {{suite: Api.Suite, results: Map<string, Api.CaseResult & {index: number}>, run: string|undefined, request: (body: any) => any,
 *   begin: (answer: any) => void, isBusy: boolean}} given
 */
function Suite({ suite, results, run, request, begin, isBusy }) {
  const name = suite.path.split(/[\\/]/).pop();
  if (suite.error)
    return html`<h2>${name}</h2><p class="problem" role="alert">${suite.error} <code>${suite.path}${suite.line ? `:${suite.line}` : ""}</code></p>`;
  /** @param {Api.SuiteTest} test */
  const result = (test) => results.get(`${suite.path} ${test.name}`);
  return html`<h2>${name}</h2>
    <p class="hint">${suite.path}</p>
    <${Table} label=${name} rows=${suite.tests} keyOf=${(test) => test.name} columns=${[
      {
        id: "name",
        title: t("tests.test"),
        sort: true,
        wide: true,
        show: (test) => (result(test) ? html`<a href=${link(["tests", run || ""], { test: result(test)?.index })}>${test.name}</a>` : test.name),
      },
      { id: "block", title: t("tests.of"), sort: true, show: (test) => test.block || t("tests.whole") },
      { id: "result", title: t("tests.last"), show: (test) => html`<${Result} result=${result(test)} skip=${test.skip} />` },
      {
        id: "run",
        title: t("actions"),
        show: (test) =>
          may("engineer") &&
          html`<${Action} disabled=${isBusy || !project.value} request=${request({ testPaths: [suite.path], only: only(test.name) })} onDone=${begin}><span
            aria-hidden="true">▷ </span>${t("tests.run")}<span class="visually-hidden"> ${test.name}</span><//>`,
      },
    ]} />`;
}

/** @param {{result?: Api.CaseResult, skip: string}} given */
function Result({ result, skip }) {
  if (skip || result?.skipped) return html`<${State} state="skipped" />`;
  return result ? html`<${State} state=${result.passed ? "passed" : "failed"} />` : html`<span class="hint">${t("tests.never")}</span>`;
}

/** A job that the page has started: its progress, a button that stops it, and its result.
 * @param {{id: string, onResult: (result: any) => void, onClose: () => void}} given onResult: called once, when the job is completed.
 */
function FollowJob({ id, onResult, onClose }) {
  /** @type {Reading<Api.JobRecord>} */
  const job = useRead(path`jobs/${id}`);
  const status = job.data?.status;
  useEffect(() => follow(path`jobs/${id}/events`, {}, { endless: false, onMessage: job.reload, onState: (state) => state === "ended" && job.reload() }), [id]);
  useEffect(() => {
    if (status === "Completed") onResult(job.data?.result);
  }, [status]);
  if (job.problem) return html`<${Problem} problem=${job.problem} retry=${job.reload} />`;
  if (!job.data || status === "Completed") return html`<p class="busy" role="status">${t("busy")}</p>`;
  if (status === "Failed" || status === "Cancelled")
    return html`<div>
      ${job.data.problem ? html`<${Problem} problem=${new ApiProblem(job.data.problem)} />` : html`<p class="warning" role="status">${t("job.cancelled")}</p>`}
      <button type="button" onClick=${onClose}>${t("close")}</button>
    </div>`;
  return html`<div class="card" role="group" aria-label=${t("progress")}>
    <p><progress max="100" value=${job.data.progress} aria-label=${t("progress")}></progress> <span>${job.data.message}</span>
      <a href=${link(["jobs", id])}>${t("page.job")}</a></p>
    <${Action} request=${{ method: "DELETE", path: path`jobs/${id}` }} onDone=${job.reload}>${t("cancel")}<//>
  </div>`;
}
