// @ts-check
/** Jobs: what the service did, does and will do. */
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { link } from "../router.js";
import { news } from "../state.js";
import { duration, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { loaded, useRead } from "../parts/load.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";

/** Seconds that a job has taken. @param {Api.JobRecord} job */
export function seconds(job) {
  if (!job.startedAt) return null;
  return (Date.parse(job.completedAt || new Date().toISOString()) - Date.parse(job.startedAt)) / 1000;
}

export default function Jobs() {
  const jobs = useRead("jobs", { sort: "-createdAt", pageSize: 500 });
  const event = news.value;
  useEffect(() => {
    if (event?.kind.startsWith("job.") && event.kind !== "job.progress") jobs.reload();
  }, [event]);
  return html`<h1>${t("page.jobs")}</h1>
    ${loaded(jobs, (rows) => html`<${Table}
        label=${t("page.jobs")}
        rows=${rows}
        keyOf=${(job) => job.jobId}
        empty=${t("jobs.none")}
        columns=${[
          { id: "operation", title: t("operation"), sort: true, wide: true, show: (job) => html`<a href=${link(["jobs", job.jobId])}>${job.operation}</a>` },
          { id: "status", title: t("state"), sort: true, show: (job) => html`<${State} state=${job.status} />` },
          { id: "progress", title: t("progress"), show: (job) => html`<progress max="100" value=${job.progress} aria-label=${t("progress")}></progress>` },
          { id: "createdAt", title: t("time"), sort: true, show: (job) => when(job.createdAt) },
          { id: "seconds", title: t("duration"), numeric: true, show: (job) => (job.startedAt ? duration(seconds(job) ?? 0) : "") },
          {
            id: "cancel",
            title: t("actions"),
            show: (job) =>
              /^(Pending|Running)$/.test(job.status) &&
              html`<${Action} request=${{ method: "DELETE", path: path`jobs/${job.jobId}` }} onDone=${jobs.reload}>${t("cancel")}<//>`,
          },
        ]}
      />`)}`;
}
