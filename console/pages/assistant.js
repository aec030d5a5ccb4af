// @ts-check
/** The assistant: a conversation about the project. It reads by itself; each change waits for the reader's agreement. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { get, path, send } from "../api.js";
import { follow } from "../sse.js";
import { may, project } from "../state.js";
import { language, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";

export default function Assistant() {
  const projectKey = project.value?.path || "";
  const history = useRead("assistant/history", { projectKey });
  const [turn, setTurn] = useState(/** @type {Api.TurnInfo|null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [text, setText] = useState("");
  const [allowChanges, setAllowed] = useState(false);
  const [partial, setPartial] = useState("");
  const isBusy = turn?.status === "busy";

  useEffect(() => {
    if (!turn || !isBusy) return;
    const update = () => get(path`assistant/turns/${turn.turnId}`).then((/** @type {Api.TurnInfo} */ now) =>
      (setTurn(now), now.status === "done" && history.reload()), setProblem);
    setPartial("");
    /** @param {import("../sse.js").Message} message */
    const take = (message) => (message.event === "delta" ? setPartial((before) => before + JSON.parse(message.data).content) : update());
    return follow(path`assistant/turns/${turn.turnId}/events`, {},
      { endless: false, onMessage: take, onState: (state) => /ended|refused/.test(state) && update() });
  }, [turn?.turnId, isBusy]);

  /** @param {string[]} [confirmed] @param {string} [message] */
  async function ask(confirmed = [], message = text) {
    setProblem(null);
    try {
      setTurn((await send("POST", "assistant/chat", { body: { message, projectKey, locale: language.value, allowChanges, confirmed } })).data);
      setText("");
    } catch (failed) {
      setProblem(failed);
    }
  }

  return html`<h1>${t("page.assistant")}</h1>
    ${loaded(history, (rows) => html`<ol class="chat" aria-live="polite" tabindex="0" aria-label=${t("page.assistant")}>
        ${rows.length === 0 && html`<li class="empty">${t("assistant.empty")}</li>`}
        ${rows.map((each) => html`<li data-role=${each.role}><small>${t(`assistant.role.${each.role}`)} · ${when(each.timestamp)}</small><p
          class="text">${each.content}</p></li>`)}
      </ol>`)}
    ${turn &&
    html`<section class="card" aria-live="polite">
      ${isBusy && partial && html`<p class="text">${partial}</p>`}
      ${isBusy && html`<p class="busy" role="status">${turn.latestIntermediateMessage || t("busy")}</p>`}
      ${turn.toolLog.length > 0 && html`<details open=${isBusy}><summary>${t("assistant.tools", { count: turn.toolLog.length })}</summary>
        <ul>${turn.toolLog.map((each) => html`<li><code>${each}</code></li>`)}</ul></details>`}
      ${turn.response && !turn.response.success
        && html`<${Problem} problem=${{ message: turn.response.errorMessage || turn.response.content, code: turn.response.code }} />`}
      ${turn.pending.length > 0 &&
      html`<h2>${t("assistant.pending")}</h2>
        ${turn.pending.map((each) => html`<div class="warning"><p><code>${each.tool}</code> ${each.reasons.join(" ")}</p><pre
          tabindex="0">${JSON.stringify(each.arguments, null, 2)}</pre>
          <p class="buttons"><button type="button" class="main danger"
            onClick=${() => ask([each.token], t("assistant.agree.text", { tool: each.tool }))}>${t("assistant.agree")}</button>
          <button type="button" onClick=${() =>
            setTurn({ ...turn, pending: turn.pending.filter((other) => other !== each) })}>${t("assistant.refuse")}</button></p></div>`)}`}
    </section>`}
    ${problem && html`<${Problem} problem=${problem} />`}
    <form class="card" onSubmit=${(event) => (event.preventDefault(), ask())}>
      <label class="field wide">${t("assistant.message")}<textarea rows="4" required value=${text}
        onInput=${(event) => setText(event.target.value)}></textarea></label>
      ${may("engineer") && html`<label><input type="checkbox" checked=${allowChanges}
        onChange=${(event) => setAllowed(event.target.checked)} />${t("assistant.allow")}</label>`}
      <p class="buttons"><button type="submit" class="main" disabled=${isBusy}>${t("assistant.ask")}</button>
        ${isBusy && html`<${Action} right="viewer" request=${{ method: "POST", path: "assistant/stop", body: {} }}>${t("assistant.stop")}<//>`}
        <${Action} confirm=${t("assistant.forget.sure")} request=${{ method: "DELETE", path: "assistant/history", query: { projectKey } }}
          onDone=${history.reload}>${t("assistant.forget")}<//></p>
    </form>`;
}
