// @ts-check
/** The drawing of a block: networks that are drawn when they come near, with the current on them while a source runs. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { route, setQuery } from "../router.js";
import { duration, t } from "../texts.js";
import { make, paint } from "./drawing.js";
import { useFlow } from "./flow.js";
import { Loaded, useRead } from "./load.js";
import { MomentOf, useMoment } from "./moment.js";
import { Operand } from "./operand.js";
import { Problem } from "./problem.js";
import { useSource } from "./source.js";
import { State } from "./state.js";

const AT_ONCE = 5;
const NEAR = "800px";

/** @typedef {{operand: string, network: number}} Choice */

/** @param {{project: string, plc: string, block: string, isFb: boolean}} given */
export function Ladder({ project, plc, block, isFb }) {
  const first = useRead(path`devices/${plc}/blocks/${block}/drawing`, { network: 1, count: AT_ONCE, format: "json" });
  return html`<${Loaded} of=${first}>${(found) => html`<${Networks} project=${project} plc=${plc} block=${block} isFb=${isFb} first=${found} />`}<//>`;
}

/** @param {{project: string, plc: string, block: string, isFb: boolean, first: any}} given */
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
  const drawings = useMemo(() => new Map(), []);
  const last = useRef(/** @type {import("./flow.js").Flow|null} */ (null));
  const onFlow = (flow) => {
    last.current = flow;
    const found = new Map((flow.answer?.networks || []).map((each) => [each.number, each]));
    for (const [number, drawing] of drawings) if (moment || inSight.has(number) || !flow.answer) paint(drawing, found.get(number) || null, flow.isLive);
  };
  const flow = useFlow({ plc, block, source, instance: instance.replace("#", ""), inSight, onFlow, values: moment?.values, at: moment ? `${moment.run} ${moment.test} ${moment.at}` : "" });
  const instances = flow.answer?.instances || [];
  useEffect(() => {
    if (flow.answer && isFb && !flow.answer.instance && instances.length > 1) setQuery({ instance: instances[0] });
  }, [flow.answer?.instance, instances.length]);
  const wanted = Number(route.value.query.get("net")) || 0;
  const chunks = Array.from({ length: Math.max(1, Math.ceil(first.total / AT_ONCE)) }, (_, index) => index * AT_ONCE + 1);
  const onDrawn = (number, drawing) => {
    drawings.set(number, drawing);
    const found = last.current?.answer?.networks.find((each) => each.number === number);
    if (found) paint(drawing, found, last.current?.isLive || false);
  };
  return html`${moment ? html`<${MomentOf} moment=${moment} />` : html`<div class="flow">
      <label>${t("ladder.source")} <select value=${source} onChange=${(event) => setQuery({ source: event.target.value || "-" })}>
        <option value="">${t("ladder.source.none")}</option>
        ${names.map((each) => html`<option value=${each}>${each}</option>`)}
      </select></label>
      ${isFb && instances.length > 0 &&
      html`<label>${t("ladder.instance")} <select value=${instance || flow.answer.instance} onChange=${(event) => setQuery({ instance: event.target.value })}>
        ${instances.map((each) => html`<option value=${each}>${each}</option>`)}
      </select></label>`}
      ${source ? html`<${Age} flow=${flow} />` : html`<span class="hint">${t(names.length ? "ladder.still" : "ladder.nothing")}</span>`}
    </div>`}
    ${flow.problem && html`<${Problem} problem=${flow.problem} />`}
    ${isFb && flow.answer && !instances.length && html`<p class="warning">${t("ladder.instance.none")}</p>`}
    <div class="ladder-page">
      <div class="networks">
        ${chunks.map(
          (start) => html`<${Chunk} key=${start} plc=${plc} block=${block} start=${start} known=${start === 1 ? first.networks : null} total=${first.total}
            wanted=${wanted} inSight=${inSight} onDrawn=${onDrawn} onChoose=${setChoice} chosen=${choice} />`,
        )}
      </div>
      <${Operand} project=${project} plc=${plc} block=${block} choice=${choice} flow=${flow} />
    </div>`;
}

/** How old the values are: what is not live never looks so. @param {{flow: import("./flow.js").Flow}} given */
function Age({ flow }) {
  const { answer, at, isLive } = flow;
  if (!at) return html`<span class="busy" role="status">${t("busy")}</span>`;
  const age = (Date.now() - at + (answer?.age || 0)) / 1000;
  return html`<span role="status" class="age" data-live=${isLive ? "yes" : "no"}>
    ${isLive ? html`<${State} state="live" />` : html`<${State} state="stale" kind="warning" />${age >= 1 && ` ${t("ladder.age", { age: duration(Math.round(age)) })}`}`}
    ${answer?.operatingState && html` · <${State} state=${answer.operatingState} />`} ${answer?.message}
  </span>`;
}

/**
 * Some networks that are read when they come near.
 * @param {{plc: string, block: string, start: number, known: any[]|null, total: number, wanted: number, inSight: Set<number>,
 *   onDrawn: (number: number, drawing: any) => void, onChoose: (choice: Choice) => void, chosen: Choice|null}} given
 */
function Chunk({ plc, block, start, known, total, wanted, inSight, onDrawn, onChoose, chosen }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const isWanted = wanted >= start && wanted < start + AT_ONCE;
  const [isNear, setNear] = useState(Boolean(known) || isWanted);
  const found = useRead(known || !(isNear || isWanted) ? null : path`devices/${plc}/blocks/${block}/drawing`, { network: start, count: AT_ONCE, format: "json" });
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
      ? networks.map((each) => html`<${Network} key=${each.number} network=${each} isWanted=${each.number === wanted} inSight=${inSight} onDrawn=${onDrawn} onChoose=${onChoose} chosen=${chosen} />`)
      : html`<p class="busy">${t("ladder.networks", { first: start, last: Math.min(total, start + AT_ONCE - 1) })}</p>`}
  </div>`;
}

/** @param {{network: any, isWanted: boolean, inSight: Set<number>, onDrawn: any, onChoose: (choice: Choice) => void, chosen: Choice|null}} given */
function Network({ network, isWanted, inSight, onDrawn, onChoose, chosen }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const paper = useRef(/** @type {HTMLDivElement|null} */ (null));
  const made = useRef(/** @type {any} */ (null));
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
      ? html`<div class="paper" ref=${paper} onMouseOver=${choose} onFocusIn=${choose} onClick=${choose} onKeyDown=${move}></div>`
      : html`<p class="hint">${t(network.text.split("\n").length > 1 ? "ladder.text" : "ladder.empty")}</p>`}
    <details id=${`text-${number}`}><summary>${t("ladder.as.text")}</summary><pre tabindex="0">${network.text}</pre></details>
  </section>`;
}
