// @ts-check
/** Pipelines: what runs by hand, by schedule or on an event, and the latest executions. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { go, link } from "../router.js";
import { may, news } from "../state.js";
import { duration, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Form } from "../parts/form.js";
import { loaded, useRead } from "../parts/load.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";

/** A table of executions. @param {{name?: string}} given */
export function Executions({ name }) {
  const executions = useRead("pipelines/executions", { name, limit: 100 });
  const event = news.value;
  useEffect(() => {
    if (event?.kind.startsWith("pipeline.")) executions.reload();
  }, [event]);
  return loaded(executions, (rows) => html`<${Table} label=${t("pipelines.executions")} rows=${rows} keyOf=${(each) => each.id}
    empty=${t("pipelines.executions.none")}
      columns=${[
        { id: "startedAt", title: t("time"), sort: true,
          show: (each) => html`<a href=${link(["pipelines", each.pipelineName], { run: each.id })}>${when(each.startedAt)}</a>` },
        { id: "pipelineName", title: t("pipelines.pipeline"), sort: true, wide: true },
        { id: "status", title: t("state"), sort: true, show: (each) => html`<${State} state=${each.status} />` },
        { id: "cause", title: t("pipelines.cause") },
        { id: "durationMs", title: t("duration"), numeric: true, sort: true, show: (each) => duration(each.durationMs / 1000) },
        { id: "error", title: t("problem"), show: (each) => each.error || "" },
      ]} />`);
}

/** A default as the text of a field; what is not a text is written as JSON. @param {any} value */
function textOf(value) {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

/**
 * The parameters of a template from the texts of the form; the service takes the default where a field is empty.
 * @param {Api.TemplatesTemplateInfo} template
 * @param {Record<string, any>} given
 */
function valuesOf({ parameters }, given) {
  const filled = parameters.map((each) => ({ ...each, text: given[`parameter ${each.name}`] })).filter(({ text }) => text !== undefined);
  return Object.fromEntries(filled.map((each) => [each.name, typeof (each.default ?? "") === "string" ? each.text : JSON.parse(each.text)]));
}

export default function Pipelines() {
  const names = useRead("pipelines");
  const schedules = useRead("pipelines/schedules");
  const templates = useRead("pipelines/templates");
  const [chosen, setChosen] = useState(/** @type {Api.TemplatesTemplateInfo|null} */ (null));
  const due = new Map((schedules.data || []).map((each) => [each.pipelineName, each]));
  return html`<h1>${t("page.pipelines")}</h1>
    ${loaded(names, (rows) => html`<${Table} label=${t("page.pipelines")} rows=${rows} keyOf=${(name) => name} empty=${t("pipelines.none")}
        columns=${[
          { id: "name", title: t("name"), wide: true, show: (name) => html`<a href=${link(["pipelines", name])}>${name}</a>` },
          { id: "trigger", title: t("pipelines.trigger"), show: (name) => due.get(name)?.trigger || t("pipelines.manual") },
          { id: "next", title: t("pipelines.next"), show: (name) => when(due.get(name)?.nextRunAt) },
          { id: "run", title: t("actions"),
            show: (name) => html`<${Action} request=${{ method: "POST", path: path`pipelines/${name}/run`, body: {} }}
              onDone=${(answer) => go(["pipelines", name], { run: answer.data.executionId })}>${t("run")}<//>` },
        ]} />`)}
    ${may("engineer") &&
    html`<h2>${t("pipelines.templates")}</h2>
      ${loaded(templates, (rows) => html`<div class="cards">${rows.map(
          (each) => html`<section class="card"><h3>${each.name || each.id}</h3><p>${each.description}</p>
            <button type="button" onClick=${() => setChosen(each)}>${t("pipelines.use")}</button></section>`,
        )}</div>`)}`}
    ${chosen &&
    html`<${Dialog} title=${chosen.name || chosen.id} onClose=${() => setChosen(null)}>
      <${Form} submit=${t("create")} onDone=${(answer) => go(["pipelines", answer.data.name])}
        fields=${[
          { name: "pipelineName", title: t("name"), required: true },
          ...(chosen.parameters || []).map((each) =>
            ({ name: `parameter ${each.name}`, title: each.name, hint: each.description, value: textOf(each.default) })),
        ]}
        request=${({ pipelineName, ...given }) => ({
          method: "POST",
          path: path`pipelines/templates/${chosen.id}/instantiate`,
          body: { pipelineName, parameters: valuesOf(chosen, given) },
        })} />
    <//>`}
    <h2>${t("pipelines.executions")}</h2>
    <${Executions} />`;
}
