// @ts-check
/** One job as a timeline: when it came, its steps and messages, and its result or what went wrong. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, path } from "../api.js";
import { follow } from "../sse.js";
import { duration, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { State } from "../parts/state.js";
import { seconds } from "./jobs.js";

const MOST = 500;

/** @param {{id: string}} given */
export default function Job({ id }) {
  /** @type {Reading<Api.JobRecord>} */
  const job = useRead(path`jobs/${id}`);
  const [steps, setSteps] = useState(/** @type {{kind: string, text: string, at: Date}[]} */ ([]));
  const isOver = job.data && !/^(Pending|Running)$/.test(job.data.status);
  useEffect(() => {
    if (!job.data || isOver) return;
    return follow(path`jobs/${id}/events`, {}, {
      endless: false,
      onMessage: (message) => {
        const { data } = JSON.parse(message.data);
        const text = data.message || data.status || "";
        setSteps((before) => [...before.slice(-MOST), { kind: message.event, text, at: new Date() }]);
        if (message.event === "job.status") job.reload();
      },
      onState: (state) => state === "ended" && job.reload(),
    });
  }, [id, job.data === null, isOver]);
  return html`<h1>${t("page.job")}</h1>
    ${loaded(job, (found) => html`<p><strong>${found.operation}</strong> <${State} state=${found.status} /> <code>${found.jobId}</code></p>
        <p><progress max="100" value=${found.progress} aria-label=${t("progress")}></progress> ${found.message}</p>
        ${!isOver && html`<p><${Action} request=${{ method: "DELETE", path: path`jobs/${id}` }} onDone=${job.reload}>${t("cancel")}<//></p>`}
        <h2>${t("job.timeline")}</h2>
        <ol class="timeline">
          <li><time>${when(found.createdAt)}</time> ${t("job.created")}</li>
          ${found.startedAt && html`<li><time>${when(found.startedAt)}</time> ${t("job.begun")}</li>`}
          ${steps.map((step) => html`<li><time>${when(step.at)}</time> ${step.text}</li>`)}
          ${found.completedAt && html`<li><time>${when(found.completedAt)}</time> ${t("job.ended")} (${duration(seconds(found) ?? 0)})</li>`}
        </ol>
        ${found.problem && html`<h2>${t("problem")}</h2><${Problem} problem=${new ApiProblem(found.problem)} />`}
        ${found.error && !found.problem && html`<h2>${t("problem")}</h2><p>${found.error}</p>`}
        ${found.result !== null && html`<h2>${t("job.result")}</h2><pre tabindex="0">${JSON.stringify(found.result, null, 2)}</pre>`}`)}`;
}
