// @ts-check
/** One run of tests: its tests, the step that failed with its diagram, and the coverage. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { link, route, setQuery } from "../router.js";
import { plc, project } from "../state.js";
import { duration, number, t, when } from "../texts.js";
import { Coverage } from "../parts/simulation/coverage.js";
import { Diagram } from "../parts/simulation/diagram.js";
import { Download } from "../parts/download.js";
import { loaded, useRead } from "../parts/load.js";
import { Past, State } from "../parts/state.js";

/** @param {{run: string}} given */
export default function Run({ run }) {
  /** @type {Reading<Api.KeptRun>} */
  const found = useRead(path`plc-tests/runs/${run}`);
  return html`<h1>${t("page.run")}</h1>${loaded(found, (kept) => html`<${Report} kept=${kept} />`)}`;
}

/** @param {{kept: Api.KeptRun}} given */
function Report({ kept }) {
  const { summary, report } = kept;
  const asked = route.value.query.get("test");
  const firstFailed = report.results.findIndex((each) => !each.passed);
  const chosen = asked !== null && report.results[Number(asked)] ? Number(asked) : Math.max(0, firstFailed);
  return html`<p><${State} state=${summary.failed ? "failed" : "passed"} /> ${t("tests.counts", { passed: summary.passed, total: summary.total })}
      · ${when(summary.completedAt)} · ${duration(summary.durationMs / 1000)} · ${t(`tests.origin.${summary.origin.replace(" ", "_")}`)}
      ${" "}${summary.project}</p>
    <p class="buttons"><a class="button" href=${link(["tests"])}>${t("page.tests")}</a>
      <${Download} path=${path`plc-tests/runs/${summary.id}/junit`} name=${`${summary.id}.xml`}>${t("tests.junit")}<//></p>
    <div class="run">
      <nav aria-label=${t("tests.list")}><ul class="tests">
        ${report.results.map(
          (each, index) => html`<li><a href=${link(["tests", summary.id], { test: index })} aria-current=${index === chosen ? "true" : undefined}>
            <${State} state=${each.skipped ? "skipped" : each.passed ? "passed" : "failed"} /> ${each.testName}</a></li>`,
        )}
      </ul></nav>
      ${report.results[chosen] && html`<${Test} key=${chosen} kept=${kept} index=${chosen} />`}
    </div>
    ${report.coverage ? html`<${Coverage} coverage=${report.coverage} />` : report.coverageNote && html`<p class="hint">${report.coverageNote}</p>`}`;
}

/** @param {{kept: Api.KeptRun, index: number}} given */
function Test({ kept, index }) {
  const result = kept.report.results[index];
  const diagram = kept.diagrams[index];
  const failed = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => failed.current?.scrollIntoView({ block: "nearest" }), []);
  const asked = Number(route.value.query.get("at") || NaN);
  const at = Number.isNaN(asked) ? diagram?.failedAtMs ?? diagram?.durationMs ?? 0 : asked;
  return html`<section aria-label=${result.testName}>
    <h2>${result.testName}</h2>
    ${result.description && html`<p>${result.description}</p>`}
    ${result.error && html`<p class="problem">${result.error}</p>`}
    ${result.skipped && html`<p>${result.skipped}</p>`}
    <ol class="steps">
      ${result.steps.map((step) => html`<li data-failed=${step.passed ? undefined : "yes"} ref=${step.passed ? undefined : failed}>
        <p><${State} state=${step.passed ? "passed" : "failed"} /> <strong>${step.description || t("tests.step", { number: step.stepIndex + 1 })}</strong>
          <span class="hint"> ${number(step.beginMs)} – ${number(step.beginMs + step.virtualMs)} ms ·
            ${" "}${t("tests.cycles", { cycles: step.cycles })}</span></p>
        ${step.error && html`<p>${step.error}</p>`}
        ${step.assertions.length > 0 && html`<${Checks} step=${step} />`}
      </li>`)}
    </ol>
    <h3>${t("diagram")}</h3>
    ${diagram
      ? html`<${Past}>${t("past.run", { test: result.testName, at: number(at) })}<//><${Diagram} diagram=${diagram} steps=${result.steps} at=${at}
        onAt=${(moment) => setQuery({ at: moment })}
          writerLink=${(writer, moment) => writerLink(kept.summary, index, writer, moment)} />`
      : html`<p class="empty">${kept.note || t("diagram.none")}</p>`}
  </section>`;
}

/**
 * Return the address of the network that writes a signal, with the moment; empty where the program is not the open project's.
 * @param {Api.RunSummary} summary
 * @param {number} test
 * @param {Api.SignalWriter} writer
 * @param {number} at
 */
function writerLink(summary, test, writer, at) {
  const open = project.value;
  if (!open || (summary.project && summary.project.replace(/^.*[\\/]|\.[^.\\/]*$/g, "") !== open.name)) return "";
  const where = { net: writer.network, step: writer.step, run: summary.id, test, at, instance: writer.instance };
  return link(["p", open.name, summary.deviceName || plc.value, "blocks", writer.block], where);
}

/** @param {{step: Api.ResultsStepResult}} given */
function Checks({ step }) {
  return html`<table class="checks"><caption class="visually-hidden">${t("tests.checks")}</caption>
    <thead><tr><th scope="col">${t("tests.value")}</th><th scope="col">${t("tests.expected")}</th><th scope="col">${t("tests.actual")}</th><th
      scope="col">${t("state")}</th></tr></thead>
    <tbody>${step.assertions.map((each) => html`<tr data-failed=${each.passed ? undefined : "yes"}>
      <td><code>${each.tagName}</code></td><td>${each.expectedValue ?? ""}</td><td>${each.actualValue ?? ""}</td>
      <td><${State} state=${each.passed ? "passed" : "failed"} />${each.expectedValue === null && html` ${each.message}`}</td>
    </tr>`)}</tbody></table>`;
}
