// @ts-check
/** One pipeline: its steps in their order, with the results of an execution, and its text to edit. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, path, send } from "../api.js";
import { go, route, setQuery } from "../router.js";
import { news } from "../state.js";
import { duration, t } from "../texts.js";
import { Action } from "../parts/action.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { State } from "../parts/state.js";
import { Executions } from "./pipelines.js";

/** @param {{name: string}} given */
export default function Pipeline({ name }) {
  /** @type {Reading<Api.PipelineDefinition>} */
  const pipeline = useRead(path`pipelines/${name}`);
  const run = route.value.query.get("run");
  /** @type {Reading<Api.PipelineExecution>} */
  const execution = useRead(run ? path`pipelines/executions/${run}` : null);
  const event = news.value;
  useEffect(() => {
    if (run && /^(pipeline|job)\./.test(event?.kind || "")) execution.reload();
  }, [event]);
  const results = new Map((execution.data?.stepResults || []).map((each) => [each.stepIndex, each]));
  return html`<h1>${t("pipelines.pipeline")} ${name}</h1>
    ${loaded(pipeline, (found) => html`<p>${found.description}</p>
        <p>${t("pipelines.trigger")}: <code>${found.trigger}</code> · <${State} state=${found.enabled ? "enabled" : "disabled"}
          kind=${found.enabled ? "good" : "idle"} /></p>
        <p class="buttons">
          <${Action} kind="main" request=${{ method: "POST", path: path`pipelines/${name}/run`, body: {} }}
            onDone=${(answer) => setQuery({ run: answer.data.executionId })}>${t("run")}<//>
          <${Action} request=${{ method: "PUT", path: path`pipelines/${name}`, body: changed(found, { enabled: !found.enabled }),
            headers: { "If-Match": pipeline.etag } }} onDone=${pipeline.reload}>${t(found.enabled ? "disable" : "enable")}<//>
          ${execution.data && /^(Pending|Running)$/.test(execution.data.status)
            && html`<${Action} request=${{ method: "POST", path: path`pipelines/executions/${execution.data.id}/actions/cancel` }}
              onDone=${execution.reload}>${t("cancel")}<//>`}
          <${Action} confirm=${t("pipelines.remove.sure", { name })} request=${{ method: "DELETE", path: path`pipelines/${name}` }}
            onDone=${() => go(["pipelines"])}>${t("remove")}<//>
        </p>
        <h2>${t("pipelines.steps")}</h2>
        ${execution.data && html`<p>${t("pipelines.execution")} <${State} state=${execution.data.status} /> ${execution.data.error || ""}</p>`}
        <ol class="steps">
          ${found.steps.map((step, index) => html`<${Step} key=${index} step=${step} result=${results.get(index)} />`)}
        </ol>
        <details><summary>${t("pipelines.edit")}</summary><${Editor} pipeline=${found} etag=${pipeline.etag} onSaved=${pipeline.reload} /></details>`)}
    <h2>${t("pipelines.executions")}</h2>
    <${Executions} name=${name} />`;
}

/** The fields of a pipeline that a client sends. @param {Api.PipelineDefinition} pipeline @param {Partial<Api.PipelineDefinition>} changes */
function changed(pipeline, changes) {
  const { name, createdAt, updatedAt, owner, ...rest } = pipeline;
  return { ...rest, ...changes };
}

/** @param {{step: Api.Step, result?: Api.ModelStepResult}} given */
function Step({ step, result }) {
  return html`<li>
    <strong>${step.name}</strong> <code>${step.action}</code>
    ${step.condition && html` <small>${t("pipelines.condition")} <code>${step.condition}</code></small>`}
    ${result &&
    html`<p><${State} state=${result.status} /> ${duration(result.durationMs / 1000)}${result.attempts > 1
      && ` · ${t("pipelines.attempts", { count: result.attempts })}`} ${result.resultMessage}</p>
      ${result.problem ? html`<${Problem} problem=${new ApiProblem(result.problem)} />` : result.error && html`<p class="problem">${result.error}</p>`}
      ${result.result !== null && html`<details><summary>${t("job.result")}</summary><pre
        tabindex="0">${JSON.stringify(result.result, null, 2)}</pre></details>`}`}
  </li>`;
}

/**
 * The pipeline's text: it is checked as a whole, and saved only where nobody else has changed it.
 * @param {{pipeline: Api.PipelineDefinition, etag: string, onSaved: () => void}} given
 */
function Editor({ pipeline, etag, onSaved }) {
  const [text, setText] = useState(JSON.stringify(changed(pipeline, {}), null, 2));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isRight, setRight] = useState(false);

  /** @param {boolean} save */
  async function check(save) {
    setProblem(null);
    setRight(false);
    try {
      const body = JSON.parse(text);
      const { data } = await send("POST", "pipelines/actions/validate", { body: { name: pipeline.name, ...body } });
      if (!data.valid) throw new ApiProblem({ detail: t("pipelines.wrong"),
        details: data.errors.map((/** @type {Api.Detail} */ each) => ({ ...each, message: `${each.place?.pointer || ""} ${each.message}` })) });
      if (!save) return setRight(true);
      await send("PUT", path`pipelines/${pipeline.name}`, { body, headers: { "If-Match": etag } });
      onSaved();
    } catch (failed) {
      setProblem(failed instanceof SyntaxError ? new ApiProblem({ detail: t("pipelines.json", { message: failed.message }) }) : failed);
    }
  }
  return html`<label class="field wide">${t("pipelines.text")}<textarea rows="20" spellcheck="false" value=${text}
    onInput=${(event) => setText(event.target.value)}></textarea></label>
    <p class="buttons"><button type="button" onClick=${() => check(false)}>${t("check")}</button><button type="button" class="main"
      onClick=${() => check(true)}>${t("save")}</button></p>
    ${isRight && html`<p role="status">${t("pipelines.right")}</p>`}
    ${problem && html`<${Problem} problem=${problem} />`}`;
}
