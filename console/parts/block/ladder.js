// @ts-check
/**
 * The drawing of a block: networks that are drawn when they come near, with the current on them while a source runs, or that of a
 * moment of a test, which a kept run has recorded.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { get, path } from "../../api.js";
import { clock } from "../../live.js";
import { go, link, route, setQuery } from "../../router.js";
import { duration, number, t } from "../../texts.js";
import { Load } from "../commands.js";
import { valueAt } from "../simulation/diagram.js";
import { make, paint } from "./drawing.js";
import { useFlow } from "./flow.js";
import { loaded, useRead } from "../load.js";
import { Operand } from "./operand.js";
import { Problem } from "../problem.js";
import { useSource } from "../values/source.js";
import { Past, State } from "../state.js";

const AT_ONCE = 5;
const NEAR = "800px";

/**
 * @typedef {{operand: string, network: number}} Choice
 * @typedef {(number: number, drawing: import("./drawing.js").Drawing) => void} OnDrawn
 */

/** @param {{project: string, plc: string, block: string, isFb: boolean}} given */
export function Ladder({ project, plc, block, isFb }) {
  /** @type {Reading<Api.BlockDrawing>} */
  const first = useRead(path`devices/${plc}/blocks/${block}/drawing`, { network: 1, count: AT_ONCE, format: "json" });
  return loaded(first, (found) => html`<${Networks} project=${project} plc=${plc} block=${block} isFb=${isFb} first=${found} />`);
}

/** @param {{project: string, plc: string, block: string, isFb: boolean, first: Api.BlockDrawing}} given */
function Networks({ project, plc, block, isFb, first }) {
  const { source: own, sources } = useSource(plc);
  const names = sources.filter((each) => each.kind !== "memory").map((each) => each.name);
  const asked = route.value.query.get("source");
  const moment = useMoment();
  const source = asked === "-" || moment ? "" : asked || own?.name || "";
  const instance = route.value.query.get("instance") || "";
  const [choice, setChoice] = useState(/** @type {Choice|null} */ (null));
  const inSight = useMemo(() => new Set(/** @type {number[]} */ ([])), []);
  /** The drawings on the page, by the number of the network. */
  const drawings = useMemo(() => /** @type {Map<number, import("./drawing.js").Drawing>} */ (new Map()), []);
  const last = useRef(/** @type {import("./flow.js").Flow|null} */ (null));
  /** @param {import("./flow.js").Flow} flow */
  const onFlow = (flow) => {
    last.current = flow;
    const found = new Map((flow.answer?.networks || []).map((each) => [each.number, each]));
    for (const [number, drawing] of drawings) if (moment || inSight.has(number) || !flow.answer) paint(drawing, found.get(number) || null, isOfBlock(flow));
  };
  const flow = useFlow({ plc, block, source, instance: instance.replace("#", ""), inSight, onFlow, values: moment?.values,
    at: moment ? `${moment.run} ${moment.test} ${moment.at}` : "" });
  const instances = flow.answer?.instances || [];
  useEffect(() => {
    if (flow.answer && isFb && !flow.answer.instance && instances.length > 1) setQuery({ instance: instances[0] });
  }, [flow.answer?.instance, instances.length]);
  const wanted = Number(route.value.query.get("net")) || 0;
  const chunks = Array.from({ length: Math.max(1, Math.ceil(first.total / AT_ONCE)) }, (_, index) => index * AT_ONCE + 1);
  /** @type {OnDrawn} */
  const onDrawn = (number, drawing) => {
    drawings.set(number, drawing);
    const found = last.current?.answer?.networks.find((each) => each.number === number);
    if (found && last.current) paint(drawing, found, isOfBlock(last.current));
  };
  return html`${moment ? html`<${MomentOf} moment=${moment} />` : html`<div class="flow">
      <label>${t("ladder.source")} <select value=${source} onChange=${(event) => setQuery({ source: event.target.value || "-" })}>
        <option value="">${t("ladder.source.none")}</option>
        ${names.map((each) => html`<option value=${each}>${each}</option>`)}
      </select></label>
      ${isFb && instances.length > 0 &&
      html`<label>${t("ladder.instance")} <select value=${instance || flow.answer?.instance} onChange=${(event) => setQuery({ instance: event.target.value })}>
        ${instances.map((each) => html`<option value=${each}>${each}</option>`)}
      </select></label>`}
      ${source ? html`<${Age} flow=${flow} />` : html`<span class="hint">${t(names.length ? "ladder.still" : "ladder.nothing")}</span>`}
    </div>`}
    ${!moment && flow.answer && flow.answer.online !== "equal" && html`<${Program} plc=${plc} answer=${flow.answer} />`}
    ${flow.problem && html`<${Problem} problem=${flow.problem} />`}
    ${isFb && flow.answer && !instances.length && html`<p class="warning">${t("ladder.instance.none")}</p>`}
    <div class="ladder-page">
      <div class="networks">
        ${chunks.map(
          (start) => html`<${Chunk} key=${start} project=${project} plc=${plc} block=${block} start=${start} known=${start === 1 ? first.networks : null}
            total=${first.total}
            wanted=${wanted} inSight=${inSight} onDrawn=${onDrawn} onChoose=${setChoice} chosen=${choice} />`,
        )}
      </div>
      <${Operand} project=${project} plc=${plc} block=${block} choice=${choice} flow=${flow} />
    </div>`;
}

/** Say that the CPU executes another block, or that nobody knows. @param {{plc: string, answer: Api.PowerFlow}} given */
function Program({ plc, answer: { online, onlineMessage } }) {
  const differs = online === "differs";
  return html`<div class=${differs ? "warning sticky" : "hint"} role="status" data-online=${online}>${t(`ladder.${online}`)} ${!differs && onlineMessage}
    ${differs && html` <${Load} plc=${plc} />`}</div>`;
}

/** @param {import("./flow.js").Flow} flow */
const isOfBlock = (flow) => flow.isLive && flow.answer?.online !== "differs";

/** How old the values are: what is not live never looks so. @param {{flow: import("./flow.js").Flow}} given */
function Age({ flow }) {
  const { answer, at, isLive } = flow;
  if (!at) return html`<span class="busy" role="status">${t("busy")}</span>`;
  const age = (clock.value - at + (answer?.age || 0)) / 1000;
  return html`<span role="status" class="age" data-live=${isLive ? "yes" : "no"}>
    ${answer?.online === "differs" ? html`<${State} state=${t("ladder.other")} kind="warning" />` : isLive ? html`<${State} state="live" />`
      : html`<${State} state="stale" kind="warning" />${age >= 1 && ` ${t("ladder.age", { age: duration(Math.round(age)) })}`}`}
    ${answer?.operatingState && html` · <${State} state=${answer.operatingState} />`} ${answer?.message}
  </span>`;
}

/**
 * Some networks that are read when they come near.
 * @param {{project: string, plc: string, block: string, start: number, known: Api.DrawnNetwork[]|null, total: number, wanted: number, inSight: Set<number>,
 *   onDrawn: OnDrawn, onChoose: (choice: Choice) => void, chosen: Choice|null}} given
 */
function Chunk({ project, plc, block, start, known, total, wanted, inSight, onDrawn, onChoose, chosen }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const isWanted = wanted >= start && wanted < start + AT_ONCE;
  const [isNear, setNear] = useState(Boolean(known) || isWanted);
  /** @type {Reading<Api.BlockDrawing>} */
  const found = useRead(known || !(isNear || isWanted) ? null : path`devices/${plc}/blocks/${block}/drawing`,
    { network: start, count: AT_ONCE, format: "json" });
  useEffect(() => {
    if (known || !box.current) return;
    const observer = new IntersectionObserver((entries) => entries.some((each) => each.isIntersecting) && setNear(true), { rootMargin: NEAR });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const networks = known || found.data?.networks;
  return html`<div ref=${box} class="chunk" data-waits=${networks ? undefined : "yes"}>
    ${found.problem && html`<${Problem} problem=${found.problem} retry=${found.reload} />`}
    ${networks
      ? networks.map((each) => html`<${Network} key=${each.number} project=${project} plc=${plc} network=${each} isWanted=${each.number === wanted}
        inSight=${inSight} onDrawn=${onDrawn} onChoose=${onChoose} chosen=${chosen} />`)
      : html`<p class="busy">${t("ladder.networks", { first: start, last: Math.min(total, start + AT_ONCE - 1) })}</p>`}
  </div>`;
}

/**
 * @param {{project: string, plc: string, network: Api.DrawnNetwork, isWanted: boolean, inSight: Set<number>, onDrawn: OnDrawn,
 *   onChoose: (choice: Choice) => void, chosen: Choice|null}} given
 */
function Network({ project, plc, network, isWanted, inSight, onDrawn, onChoose, chosen }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const paper = useRef(/** @type {HTMLDivElement|null} */ (null));
  const made = useRef(/** @type {import("./drawing.js").Drawing|null} */ (null));
  const { number } = network;
  const title = t("ladder.network", { number });
  useEffect(() => {
    if (!network.width) return;
    const drawing = (made.current = make(network));
    drawing.root.setAttribute("aria-label", t("ladder.drawing", { number }));
    drawing.root.setAttribute("aria-describedby", `text-${number}`);
    drawing.root.classList.add("network");
    paper.current?.replaceChildren(drawing.root);
    onDrawn(number, drawing);
  }, [network]);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.at(-1)?.isIntersecting) return void inSight.add(number);
      inSight.delete(number);
      if (made.current) paint(made.current, null, false); // nobody asks for its values now: it must not look live when it comes back
    });
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
      inSight.delete(number);
    };
  }, []);
  useEffect(() => {
    if (isWanted) box.current?.scrollIntoView({ block: "start" });
  }, [isWanted]);
  useEffect(() => {
    for (const each of made.current?.operands || []) each.element.toggleAttribute("data-chosen", chosen?.operand === each.operand);
  }, [chosen?.operand]);
  /** @param {Event} event */
  const choose = (event) => {
    const operand = /** @type {Element} */ (event.target).closest?.("[data-operand]")?.getAttribute("data-operand");
    if (operand) onChoose({ operand, network: number });
  };
  /** Open the block that a box calls. @param {Event} event */
  const enter = async (event) => {
    const part = /** @type {Element} */ (event.target).closest?.("[data-part]")?.getAttribute("data-part");
    const title = network.marks.find((each) => part && String(each.part) === part && each.style === "title");
    const name = title?.lines.join("").replaceAll('"', "");
    /** @type {Api.BlockInfo[]} */
    const found = name ? await get(path`devices/${plc}/blocks`, { filter: `name~${name.replace(/[;*?[]/g, "?")}` }).catch(() => []) : [];
    if (name && found.some((each) => each.name === name)) go(["p", project, plc, "blocks", name]);
  };
  /** Move between the operands of this drawing. @param {KeyboardEvent} event */
  const move = (event) => {
    const all = made.current?.operands || [];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = all.findIndex((each) => each.element === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length].element;
    for (const each of all) each.element.setAttribute("tabindex", each.element === next ? "0" : "-1");
    next.focus();
  };
  return html`<section ref=${box} id=${`net-${number}`} class="net" aria-labelledby=${`title-${number}`} data-wanted=${isWanted ? "yes" : undefined}>
    <h2 id=${`title-${number}`}>${title}${network.title && html`: ${network.title}`}</h2>
    ${network.comment && html`<p class="hint">${network.comment}</p>`}
    ${network.width
      ? html`<div class="paper" ref=${paper} onMouseOver=${choose} onFocusIn=${choose} onClick=${choose} onDblClick=${enter} onKeyDown=${move}></div>`
      : html`<p class="hint">${t(network.text.split("\n").length > 1 ? "ladder.text" : "ladder.empty")}</p>`}
    <details id=${`text-${number}`}><summary>${t("ladder.as.text")}</summary><pre tabindex="0">${network.text}</pre></details>
  </section>`;
}

/**
 * Read the moment that the address names: ?run=…&test=…&at=….
 * @returns {{run: string, test: number, at: number, title: string, values: Record<string, any>|null, problem: any}|null} Null where it names none.
 */
function useMoment() {
  const { query } = route.value;
  const run = query.get("run") || "";
  /** @type {Reading<Api.KeptRun>} */
  const kept = useRead(run ? path`plc-tests/runs/${run}` : null);
  if (!run) return null;
  const test = Number(query.get("test") || 0);
  const at = Number(query.get("at") || 0);
  const diagram = kept.data?.diagrams[test];
  const values = diagram ? valuesAt(diagram.signals, at, query.get("instance") || "") : kept.data ? {} : null;
  return { run, test, at, title: kept.data?.report.results[test]?.testName || "", values, problem: kept.problem };
}

/**
 * Return the values of signals by operand. Variables of the block are #name: in the run they are members of its instance, or of
 * the block that is tested alone.
 * @param {Api.Signal[]} signals
 * @param {number} at
 * @param {string} instance "#" for the block that is tested alone.
 */
function valuesAt(signals, at, instance) {
  const root = `${instance}.`.toLowerCase();
  /** @param {Api.Signal} signal */
  const operand = ({ name, writers }) => {
    if (instance === "#") return !name.startsWith("#") && writers.some((each) => each.instance === "#") ? `#${name}` : name;
    return instance && name.toLowerCase().startsWith(root) ? `#${name.slice(root.length)}` : name;
  };
  const known = signals.map((signal) => [operand(signal), valueAt(signal, at)]);
  return Object.fromEntries(known.filter(([, value]) => value !== null));
}

/** The line above a drawing whose values are those of a test, and the ways back. @param {{moment: NonNullable<ReturnType<typeof useMoment>>}} given */
function MomentOf({ moment }) {
  const { path: here, query } = route.value;
  return html`<${Past}>${t("moment.of", { test: moment.title, at: number(moment.at) })}${" "}
    <a href=${link(["tests", moment.run], { test: moment.test, at: moment.at })}>${t("moment.back")}</a>${" · "}
    <a href=${link(here, { net: query.get("net") })}>${t("moment.live")}</a><//>`;
}
