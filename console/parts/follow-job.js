// @ts-check
/** A job that a page has started: its progress, a button that stops it, and its result. */
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, path } from "../api.js";
import { link } from "../router.js";
import { follow } from "../sse.js";
import { t } from "../texts.js";
import { Action } from "./action.js";
import { Problem } from "./problem.js";
import { useRead } from "./load.js";

/** @param {{id: string, onResult: (result: any) => void, onClose: () => void}} given onResult: called once, when the job is completed. */
export function FollowJob({ id, onResult, onClose }) {
  const job = useRead(path`jobs/${id}`);
  const status = job.data?.status;
  useEffect(() => follow(path`jobs/${id}/events`, {}, { endless: false, onMessage: job.reload, onState: (state) => state === "ended" && job.reload() }), [id]);
  useEffect(() => {
    if (status === "Completed") onResult(job.data.result);
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
