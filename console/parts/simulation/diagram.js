// @ts-check
/** A timing diagram: signals over virtual time, a cursor, and a table with the values at the cursor, which says the same in words. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { number, t } from "../../texts.js";

const WIDTH = 900;
const LEFT = 170;
const ROW = 34;
const HEAD = 22;
const MOST_RUNS = 2000;

/** The value of a signal at a moment. @param {Api.Signal} signal @param {number} at */
export function valueAt(signal, at) {
  let value = signal.changes[0]?.value ?? null;
  for (const change of signal.changes) {
    if (change.ms > at) break;
    value = change.value;
  }
  return value;
}

/** Write a value as TIA Portal does. @param {any} value */
export function shown(value) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return typeof value === "number" ? number(value, 4) : String(value);
}

/**
 * @param {{diagram: Api.Diagram, steps: Api.ResultsStepResult[], at: number, onAt: (ms: number) => void, writerLink: (writer: Api.SignalWriter,
 *   ms: number) => string}} given
 *   writerLink: the address of a writer, with the moment; empty where it cannot be shown.
 */
export function Diagram({ diagram, steps, at, onAt, writerLink }) {
  const [withRelated, setRelated] = useState(false);
  const signals = diagram.signals.filter((each) => withRelated || !each.related);
  const moments = [...new Set([0, ...signals.flatMap((each) => each.changes.map((change) => change.ms)),
    ...(diagram.failedAtMs === null ? [] : [diagram.failedAtMs]), diagram.durationMs, at])].sort((one, other) => one - other);
  const hasRelated = diagram.signals.some((each) => each.related);
  const position = moments.indexOf(at);
  return html`<div class="diagram">
    <label class="field">${t("diagram.cursor")}
      <input type="range" min="0" max=${moments.length - 1} step="1" value=${position} aria-valuetext=${`${number(at)} ms`}
        onInput=${(event) => onAt(moments[Number(event.target.value)])} /></label>
    <p class="buttons"><output>${t("diagram.at", { at: number(at) })}</output>
      ${diagram.failedAtMs !== null && html`<button type="button" onClick=${() => onAt(diagram.failedAtMs ?? 0)}>${t("diagram.failure")}</button>`}
      ${hasRelated && html`<label><input type="checkbox" checked=${withRelated}
        onChange=${() => setRelated(!withRelated)} />${t("diagram.related")}</label>`}</p>
    <${Drawing} diagram=${diagram} signals=${signals} steps=${steps} at=${at} onAt=${onAt} writerLink=${writerLink} />
    <${Values} label=${t("diagram.values")} signals=${signals} at=${at} writerLink=${writerLink} />
  </div>`;
}

/**
 * The drawing; the table has its content in words.
 * @param {{diagram: Api.Diagram, signals: Api.Signal[], steps: Api.ResultsStepResult[], at: number, onAt: (ms: number) => void,
 *   writerLink: (writer: Api.SignalWriter, ms: number) => string}} given
 */
function Drawing({ diagram, signals, steps, at, onAt, writerLink }) {
  const span = diagram.durationMs || 1;
  /** @param {number} ms */
  const x = (ms) => LEFT + ((WIDTH - LEFT - 10) * ms) / span;
  const height = HEAD + signals.length * ROW + 20;
  /** @param {MouseEvent} event */
  const choose = (event) => {
    const box = /** @type {SVGElement} */ (event.currentTarget).getBoundingClientRect();
    const place = ((event.clientX - box.left) * WIDTH) / box.width;
    onAt(Math.round(Math.min(1, Math.max(0, (place - LEFT) / (WIDTH - LEFT - 10))) * span * 1000) / 1000);
  };
  return html`<div class="drawing"><svg viewBox=${`0 0 ${WIDTH} ${height}`} aria-hidden="true" onClick=${choose}
    onMouseMove=${(event) => event.buttons === 1 && choose(event)}>
    ${steps.map((step) => html`<g class="step" data-failed=${step.passed ? undefined : "yes"}>
      <line x1=${x(step.beginMs)} x2=${x(step.beginMs)} y1=${HEAD - 6} y2=${height - 18} /><text x=${x(step.beginMs) + 3}
        y="14">${step.stepIndex + 1}</text></g>`)}
    ${signals.map((signal, index) => html`<g key=${signal.name}>
      <${Name} text=${short(signal.name)} y=${HEAD + index * ROW + ROW / 2 + 4} href=${signal.writers.length ? writerLink(signal.writers[0], at) : ""} />
      <${Trace} signal=${signal} top=${HEAD + index * ROW + 6} x=${x} end=${span} /></g>`)}
    ${diagram.failedAtMs !== null && html`<line class="failure" x1=${x(diagram.failedAtMs)} x2=${x(diagram.failedAtMs)} y1=${HEAD - 6} y2=${height - 18} />`}
    <line class="cursor" x1=${x(at)} x2=${x(at)} y1="0" y2=${height} />
    <text x=${LEFT} y=${height - 4}>0</text><text x=${WIDTH - 10} y=${height - 4} text-anchor="end">${number(span)} ms</text>
  </svg></div>`;
}

/**
 * The name of a signal leads to the first network that writes it; keys reach the same link in the table.
 * @param {{text: string, y: number, href: string}} given
 */
function Name({ text, y, href }) {
  const label = html`<text x="4" y=${y}>${text}</text>`;
  return href ? html`<a href=${href} tabindex="-1" onClick=${(event) => event.stopPropagation()}>${label}</a>` : label;
}

/** @param {string} name */
function short(name) {
  return name.length > 26 ? `…${name.slice(-25)}` : name;
}

/**
 * One signal: a level for truth values, steps between lowest and highest for numbers, a name for others.
 * @param {{signal: Api.Signal, top: number, x: (ms: number) => number, end: number}} given
 */
function Trace({ signal, top, x, end }) {
  const runs = signal.changes.slice(0, MOST_RUNS).map((change, index) => ({ ...change, end: signal.changes[index + 1]?.ms ?? end }));
  const low = top + ROW - 12;
  const numbers = runs.map((run) => Number(run.value));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  /** @param {boolean|number|string|null} value */
  const y = (value) => low - ((Number(value) - least) / (most - least || 1)) * (ROW - 14);
  if (typeof runs[0]?.value === "string")
    return html`${runs.map((run) => html`<g><line class="number" x1=${x(run.ms)} x2=${x(run.ms)} y1=${top} y2=${low} /><text class="small"
      x=${x(run.ms) + 3} y=${low - 4}>${String(run.value).slice(0, 12)}</text></g>`)}`;
  const points = runs.flatMap((run) => [`${x(run.ms)},${y(run.value)}`, `${x(run.end)},${y(run.value)}`]).join(" ");
  const isBool = typeof runs[0]?.value === "boolean";
  return html`${isBool && runs.filter((run) => run.value).map((run) =>
    html`<rect class="on" x=${x(run.ms)} y=${y(true)} width=${Math.max(0, x(run.end) - x(run.ms))} height=${low - y(true)} />`)}
    <polyline class=${isBool ? "level" : "number"} points=${points} />`;
}

/** @param {{label: string, signals: Api.Signal[], at: number, writerLink: (writer: Api.SignalWriter, ms: number) => string}} given */
function Values({ label, signals, at, writerLink }) {
  return html`<div class="table"><table><caption class="visually-hidden">${label}</caption>
    <thead><tr><th scope="col">${t("diagram.signal")}</th><th scope="col">${t("diagram.type")}</th><th scope="col">${t("diagram.value")}</th><th
      scope="col">${t("diagram.writer")}</th></tr></thead>
    <tbody>${signals.map((signal) => html`<tr key=${signal.name}>
      <th scope="row"><code>${signal.name}</code></th><td>${signal.dataType}</td><td>${shown(valueAt(signal, at))}</td>
      <td>${signal.writers.length
        ? signal.writers.map((writer) => html`<${Writer} writer=${writer} href=${writerLink(writer, at)} />`)
        : html`<span class="hint">${t("diagram.no.writer")}</span>`}</td>
    </tr>`)}</tbody></table></div>`;
}

/** @param {{writer: Api.SignalWriter, href: string}} given */
function Writer({ writer, href }) {
  const where = writer.step || t("diagram.network", { number: writer.network });
  const text = `${writer.block}, ${where}`;
  return html`<span class="writer">${href ? html`<a href=${href}>${text}</a>` : text} </span>`;
}
