// @ts-check
/** A chart of series by uPlot. Dragging chooses a range, a click sets a cursor; the page says the same as text. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { theme } from "../theme.js";
import { language } from "../../texts.js";

const HEIGHT = 380;
/** Milliseconds from one drawing of a live trend to the next. */
const PERIOD = 250;
/** Pixels that a drag needs to be none by mistake. */
const DRAG = 6;
const HUES = [195, 25, 130, 275, 345, 55, 225, 165];

/** @typedef {typeof import("uplot")} UPlot */

/** The library and its styles, loaded with the first chart. @type {Promise<UPlot>|null} */
let library = null;
function load() {
  library ??= (async () => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL("uPlot.min.css", import.meta.resolve("uplot")).href;
    const isStyled = new Promise((resolve, reject) => ((sheet.onload = resolve), (sheet.onerror = reject)));
    document.head.append(sheet);
    const [module] = await Promise.all([import("uplot"), isStyled]);
    return module.default;
  })();
  return library;
}

/** The colour of a series in the present theme. @param {number} index */
export function colour(index) {
  const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
  return `hsl(${HUES[index % HUES.length]} 75% ${isDark ? 68 : 33}%)`;
}

/**
 * @typedef {{label: string, points: import("./series.js").Points, axis: number, isBefore?: boolean, colour: number}} Line
 * @typedef {{x: number, text: string, shape: string}} Mark
 * @param {{lines: () => Line[], axes: string[], marks: Mark[], cursors: Record<string, number|null>, range: () => {from: number, to: number},
 *   isLive: boolean, label: string, version: string, onRange: (from: number, to: number) => void, onCursor: (name: string, x: number) => void}} given
 *   lines: what is drawn, newly asked for at each drawing. range: in milliseconds. version: the chart is built again when it changes.
 */
export function Chart(given) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const now = useRef(given);
  const chart = useRef(/** @type {{built: import("uplot"), uPlot: UPlot}|null} */ (null));
  now.current = given;
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    /** @type {ResizeObserver|null} */
    let sizes = null;
    void load().then((uPlot) => {
      if (isOver || !box.current) return;
      const element = box.current;
      const built = new uPlot(optionsOf(uPlot, now, element.clientWidth), dataOf(uPlot, now.current.lines()), element);
      chart.current = { built, uPlot };
      let pressed = 0;
      element.dataset.drawn = given.version;
      built.over.addEventListener("click", (event) => {
        if (Math.abs(event.offsetX - pressed) > DRAG) return;
        now.current.onCursor(event.shiftKey ? "B" : "A", built.posToVal(event.offsetX, "x"));
      });
      built.over.addEventListener("mousedown", (event) => (pressed = event.offsetX));
      sizes = new ResizeObserver(() => built.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }));
      sizes.observe(element);
      timer = setInterval(() => now.current.isLive && !document.hidden && draw(), PERIOD);
    });
    return () => {
      isOver = true;
      clearInterval(timer);
      sizes?.disconnect();
      chart.current?.built.destroy();
      chart.current = null;
    };
  }, [given.version, theme.value, language.value]);
  const draw = () => {
    if (!chart.current) return;
    const { built, uPlot } = chart.current;
    built.setData(dataOf(uPlot, now.current.lines()));
  };
  useEffect(draw);
  return html`<div class="chart" ref=${box} data-version=${given.version} role="img" aria-label=${given.label}></div>`;
}

/** @param {UPlot} uPlot @param {Line[]} lines @returns {import("uplot").AlignedData} */
function dataOf(uPlot, lines) {
  return lines.length ? uPlot.join(lines.map(({ points }) => [points.x, points.y])) : [[]];
}

/** @param {UPlot} uPlot @param {{current: Parameters<typeof Chart>[0]}} now @param {number} width @returns {import("uplot").Options} */
function optionsOf(uPlot, now, width) {
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue("--text").trim();
  const line = style.getPropertyValue("--line").trim();
  const { axes, lines } = now.current;
  const scales = Object.fromEntries(axes.map((name, index) => [`y${index}`, name === "0 / 1" ? { range: [-0.1, 1.1] } : { auto: true }]));
  return {
    width: Math.max(200, width),
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false, dist: DRAG }, bind: { dblclick: () => () => null } },
    scales: {
      x: { time: true, range: () => { const { from, to } = now.current.range(); return [from / 1000, to / 1000]; } },
      ...scales,
    },
    axes: [
      { stroke: text, space: 72, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, values: timesOf },
      ...axes.map((name, index) => ({ scale: `y${index}`, side: index === 1 ? 1 : 3, label: name, size: 64, stroke: text, ticks: { stroke: line },
        grid: { show: index === 0, stroke: line, width: 1 } })),
    ],
    series: [
      {},
      ...lines().map((each) => ({
        label: each.label, scale: `y${each.axis}`, stroke: colour(each.colour), width: each.isBefore ? 1 : 2,
          dash: each.isBefore ? [3, 4] : each.colour >= HUES.length ? [10, 4] : undefined,
        paths: uPlot.paths.stepped?.({ align: 1 }), points: { show: false },
      })),
    ],
    hooks: {
      setSelect: [(built) => {
        if (built.select.width < DRAG) return;
        const from = built.posToVal(built.select.left, "x");
        const to = built.posToVal(built.select.left + built.select.width, "x");
        built.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        now.current.onRange(from * 1000, to * 1000);
      }],
      draw: [(built) => drawMarks(built, now.current, text, style.getPropertyValue("--bad").trim())],
    },
  };
}

/** @param {import("uplot")} built @param {{marks: Mark[], cursors: Record<string, number|null>}} given @param {string} text @param {string} alarm */
function drawMarks(built, { marks, cursors }, text, alarm) {
  const { ctx, bbox } = built;
  const ratio = devicePixelRatio;
  /** @param {number} x @param {string} colourOf @param {number[]} dash @param {string} word @param {number} y */
  const stroke = (x, colourOf, dash, word, y) => {
    const left = built.valToPos(x, "x", true);
    if (left < bbox.left || left > bbox.left + bbox.width) return;
    ctx.strokeStyle = ctx.fillStyle = colourOf;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(word, left + 3 * ratio, y);
  };
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.font = `${13 * ratio}px system-ui`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  for (const mark of marks) stroke(mark.x, alarm, [2 * ratio, 3 * ratio], mark.shape, bbox.top + bbox.height - 4 * ratio);
  for (const [name, x] of Object.entries(cursors)) if (x !== null) stroke(x, text, [], name, bbox.top + 14 * ratio);
  ctx.restore();
}

/** The labels of the time axis, in the reader's zone and language. @param {any} _ @param {number[]} splits */
function timesOf(_, splits) {
  const length = (splits.at(-1) ?? 0) - splits[0];
  /** @type {Intl.DateTimeFormatOptions} */
  const options =
    length > 172800 ? { day: "2-digit", month: "2-digit" }
      : { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(length > 600 ? {} : { second: "2-digit" }) };
  const format = new Intl.DateTimeFormat(language.value, options);
  return splits.map((each) => format.format(each * 1000));
}
