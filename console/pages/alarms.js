// @ts-check
/** Alarms: what is wrong now, what happened before, and which alarms disturb. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { link } from "../router.js";
import { may, plcs, project, rangeQuery } from "../state.js";
import { number, t, textLanguage, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { isHidden, shapeOf, useAlarms, wordOf } from "../parts/values/alarms.js";
import { Dialog } from "../parts/dialog.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { Range, span } from "../parts/range.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";

/** Times that an operator may put an alarm aside for, in seconds. */
const TIMES = [600, 3600, 8 * 3600, 86400, 7 * 86400];
const LINES = 500;

export default function Alarms() {
  const { alarms, state, problem, number: newest, announced } = useAlarms();
  const shown = alarms.filter((each) => !isHidden(each));
  const hidden = alarms.filter(isHidden);
  const open = shown.filter((each) => !each.acknowledged).length;
  return html`<h1>${t("page.alarms")} ${open > 0 && html`<span class="badge">${t("alarms.open", { count: open })}</span>`}</h1>
    <p class="visually-hidden" role="alert" aria-live="assertive">${announced}</p>
    ${/cut|refused/.test(state) && html`<p class="warning" role="status">${t("alarms.cut")} ${problem?.message}</p>`}
    <div data-stale=${state === "live" ? undefined : "yes"}>
      <${Tabs} label=${t("page.alarms")} tabs=${[
        { id: "active", title: `${t("alarms.active")} (${shown.length})`, show: () => html`<${Active} alarms=${shown} empty=${t("alarms.none")} />` },
        { id: "hidden", title: `${t("alarms.hidden")} (${hidden.length})`, show: () => html`<${Active} alarms=${hidden} empty=${t("alarms.hidden.none")} />` },
        { id: "journal", title: t("alarms.journal"), show: () => html`<${Journal} newest=${newest} />` },
        { id: "statistics", title: t("alarms.statistics"), show: () => html`<${Statistics} newest=${newest} />` },
      ]} />
    </div>`;
}

/** @param {{priority: number}} given */
function Priority({ priority }) {
  return html`<span class="priority" data-priority=${wordOf(priority)}><span
    aria-hidden="true">${shapeOf(priority)}</span> ${t(`priority.${wordOf(priority)}`)} ${priority}</span>`;
}

/** @param {{alarms: Api.RuntimeAlarm[], empty: string}} given */
function Active({ alarms, empty }) {
  const [chosen, setChosen] = useState(/** @type {Set<string>} */ (new Set()));
  const [asked, setAsked] = useState(/** @type {{action: string, names: string[]}|null} */ (null));
  const present = [...chosen].filter((name) => alarms.some((each) => each.name === name));
  /** @param {string} name @param {boolean} isChosen */
  const choose = (name, isChosen) => setChosen(new Set(isChosen ? [...present, name] : present.filter((each) => each !== name)));
  /** @param {string} action @param {string[]} names */
  const ask = (action, names) => setAsked({ action, names });
  /** @param {string} action @param {string[]} names */
  const button = (action, names) =>
    html`<button type="button" disabled=${!may("operator") || !names.length}
      title=${may("operator") ? undefined : t("right.needed", { right: t("right.operator") })}
        onClick=${() => ask(action, names)}>${t(`alarm.${action}`)}</button>`;
  return html`${alarms.length > 0 && html`<p class="buttons" role="group" aria-label=${t("alarms.chosen")}>
      <button type="button" onClick=${() =>
        setChosen(new Set(present.length === alarms.length ? [] : alarms.map((each) => each.name)))}>${t("alarms.all")}</button>
      ${button("acknowledge", present.filter((name) => !alarms.find((each) => each.name === name)?.acknowledged))}
      ${button("shelve", present)} ${button("remove-from-service", present)}
      <span class="hint">${t("alarms.count", { count: present.length })}</span></p>`}
    <${Table} label=${t("alarms.active")} rows=${alarms} keyOf=${(each) => each.name} empty=${empty}
      columns=${[
        { id: "chosen", title: "✓", show: (each) =>
          html`<input type="checkbox" aria-label=${`${t("alarms.choose")} ${each.name}`} checked=${present.includes(each.name)}
            onChange=${(event) => choose(each.name, event.target.checked)} />` },
        { id: "priority", title: t("alarms.priority"), show: (each) => html`<${Priority} priority=${each.priority} />` },
        { id: "state", title: t("state"), show: (each) => html`<${AlarmState} alarm=${each} />` },
        { id: "text", title: t("alarms.text"), wide: true,
          show: (each) => html`<strong>${each.text || each.name}</strong>${each.count > 1 && html` <small>× ${each.count}</small>`}${each.comment
            && html`<br /><small>${each.user}: ${each.comment}</small>`}` },
        { id: "raisedAt", title: t("time"),
          show: (each) => html`<time title=${each.cpuTime ? `${t("cpu.clock")} ${each.cpuTime}` : ""}>${when(each.raisedAt)}</time>` },
        { id: "links", title: t("alarms.links"), show: (each) => html`<${Links} alarm=${each} />` },
        {
          id: "actions",
          title: t("actions"),
          show: (each) => html`<span class="buttons">
            ${!each.acknowledged && button("acknowledge", [each.name])} ${each.state === "Latched" && button("reset", [each.name])}
            ${each.shelvedUntil ? button("unshelve", [each.name]) : button("shelve", [each.name])}
            ${each.outOfService ? button("place-in-service", [each.name]) : button("remove-from-service", [each.name])}</span>`,
        },
      ]} />
    ${asked && html`<${Ask} action=${asked.action} names=${asked.names} onClose=${() => setAsked(null)} />`}`;
}

/** @param {{alarm: Api.RuntimeAlarm}} given */
function AlarmState({ alarm }) {
  const hidden = [alarm.shelvedUntil && t("alarms.shelved", { until: when(alarm.shelvedUntil) }), alarm.suppressed && t("alarms.suppressed"),
    alarm.outOfService && t("alarms.outofservice")].filter(Boolean);
  return html`<span class="alarm-state" data-open=${alarm.acknowledged ? undefined : "yes"}>${t(`alarmstate.${alarm.state}`)}</span>
    ${hidden.map((each) => html` <small>${each}</small>`)}${alarm.quality === "Bad" && html` <small data-stale="yes">${t("alarms.bad")}</small>`}`;
}

/** Where an alarm comes from: its tag, the trend around it, the block that raises it. @param {{alarm: Api.RuntimeAlarm}} given */
function Links({ alarm }) {
  const colon = alarm.tag.indexOf(":");
  const [source, below] = [alarm.tag.slice(0, colon), alarm.tag.slice(colon + 1)];
  const first = below.split(".")[0].replaceAll('"', "");
  const plc = plcs.value.find((each) => each.toLowerCase() === source.toLowerCase());
  const isOfTag = alarm.origin === "tag";
  const time = Date.parse(alarm.raisedAt || "") || Date.now();
  const around = { from: new Date(time - 300000).toISOString(), to: new Date(time + 300000).toISOString() };
  return html`<span class="buttons">
    ${isOfTag && html`<a href=${link(["runtime"], { source, path: below.includes(".") ? below.slice(0, below.lastIndexOf(".")) : "" })}>${t("runtime.tag")}</a>
      <a href=${link(["trends"], { tag: [alarm.tag], ...around })}>${t("page.trends")}</a>`}
    ${plc && project.value && (isOfTag ? below.includes(".") : /program|graph|supervision/.test(alarm.origin)) &&
    html`<a href=${link(["p", project.value.name, plc, "blocks", first])}>${t("alarms.block")}</a>`}
  </span>`;
}

/** Ask for a note, and for how long, before the request. @param {{action: string, names: string[], onClose: () => void}} given */
function Ask({ action, names, onClose }) {
  const [comment, setComment] = useState("");
  const [seconds, setSeconds] = useState(3600);
  const [refused, setRefused] = useState(/** @type {any} */ (null));
  /** @param {{data: Api.RuntimeAlarmOutcomes}} answer */
  const done = ({ data }) => {
    if (data.refused) setRefused({ message: t("alarms.refused", { count: data.refused }),
      details: data.results.filter((each) => !each.done).map((each) => each.error) });
    else onClose();
  };
  return html`<${Dialog} title=${t(`alarm.${action}`)} onClose=${onClose}>
    <ul>${names.slice(0, 20).map((name) => html`<li>${name}</li>`)}${names.length > 20 && html`<li>… ${names.length - 20}</li>`}</ul>
    <label class="field">${t("alarms.note")}<textarea rows="2" maxlength="1000" autofocus value=${comment}
      onInput=${(event) => setComment(event.target.value)}></textarea></label>
    ${action === "shelve" &&
    html`<label class="field">${t("alarms.time")}<select value=${String(seconds)} onChange=${(event) => setSeconds(Number(event.target.value))}>
      ${TIMES.map((each) => html`<option
        value=${String(each)}>${each < 3600 ? `${each / 60} min` : each < 86400 ? `${each / 3600} h` : `${each / 86400} d`}</option>`)}</select></label>`}
    ${refused && html`<${Problem} problem=${refused} />`}
    <p><${Action} right="operator" kind="main" onDone=${done}
      request=${() => ({ method: "POST", path: `runtime/alarms/actions/${action}`,
        body: { ids: names, comment, ...(action === "shelve" ? { seconds } : {}) } })}>${t(`alarm.${action}`)}<//></p>
  <//>`;
}

/** Read again when something happened. @param {Reading<any>} read @param {number} newest */
function useNewest(read, newest) {
  useEffect(() => {
    const timer = setTimeout(read.reload, 500);
    return () => clearTimeout(timer);
  }, [newest]);
}

/** The range as the routes of alarms take it; one that ends now has no end. */
function stretch() {
  const { last } = rangeQuery();
  const { from, to } = span();
  const isFixed = Boolean(rangeQuery().from) && !last;
  return { since: new Date(Math.floor(from / 60000) * 60000).toISOString(),
    ...(isFixed ? { since: new Date(from).toISOString(), until: new Date(to).toISOString() } : {}) };
}

/** @param {{newest: number}} given */
function Journal({ newest }) {
  const journal = useRead("runtime/alarms/journal", { ...stretch(), limit: LINES, language: textLanguage() });
  useNewest(journal, newest);
  return html`<${Range} />
    ${loaded(journal, ({ events, next }) =>
      html`<${Table} label=${t("alarms.journal")} rows=${events} keyOf=${(each) => each.number} empty=${t("alarms.journal.none")}
          columns=${[
            { id: "time", title: t("time"), show: (each) => when(each.time) },
            { id: "event", title: t("alarms.event"), show: (each) => t(`alarmevent.${each.event}`) },
            { id: "priority", title: t("alarms.priority"), show: (each) => html`<${Priority} priority=${each.alarm.priority} />` },
            { id: "text", title: t("alarms.text"), wide: true,
              show: (each) => html`${each.alarm.text || each.alarm.name}${each.comment && html` <small>${each.comment}</small>`}` },
            { id: "user", title: t("alarms.user") },
            { id: "links", title: t("alarms.links"), show: (each) => html`<${Links} alarm=${each.alarm} />` },
          ]} />
        ${next !== null && html`<p class="hint">${t("alarms.journal.more", { count: LINES })}</p>`}`)}`;
}

/** @param {{newest: number}} given */
function Statistics({ newest }) {
  const statistics = useRead("runtime/alarms/statistics", stretch());
  useNewest(statistics, newest);
  return html`<${Range} />
    ${loaded(statistics, ({ summary, standing, complete }) => html`<dl class="facts card">
          <div><dt>${t("alarms.raised")}</dt><dd>${number(summary.raised)}</dd></div>
          <div><dt>${t("alarms.names")}</dt><dd>${number(summary.names)}</dd></div>
          <div><dt>${t("alarms.peak")}</dt><dd>${number(summary.peak)}</dd></div>
        </dl>
        ${!complete && html`<p class="warning">${t("alarms.incomplete")}</p>`}
        <h2>${t("alarms.top")}</h2>
        <${Table} label=${t("alarms.top")} rows=${summary.top} keyOf=${(each) => each.name} columns=${[
          { id: "name", title: t("alarms.name"), wide: true },
          { id: "count", title: t("alarms.raised"), numeric: true },
          { id: "share", title: "%", numeric: true, show: (each) => number(each.share * 100, 1) },
        ]} />
        <h2>${t("alarms.chattering")}</h2>
        <${Table} label=${t("alarms.chattering")} rows=${summary.chattering} keyOf=${(each) => each.name}
          columns=${[{ id: "name", title: t("alarms.name"), wide: true }, { id: "most", title: t("alarms.most"), numeric: true }]} />
        <h2>${t("alarms.standing")}</h2>
        <${Table} label=${t("alarms.standing")} rows=${standing} keyOf=${(each) => each.name}
          columns=${[{ id: "text", title: t("alarms.text"), wide: true, show: (each) => each.text || each.name },
            { id: "raisedAt", title: t("time"), show: (each) => when(each.raisedAt) }]} />`)}`;
}
