// @ts-check
/** The CPU of a simulated PLC: its operating state, its clock, and how its time passes. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../../api.js";
import { number, t } from "../../texts.js";
import { Action } from "../action.js";
import { loaded, useRead } from "../load.js";
import { State } from "../state.js";

/** Milliseconds from one reading of the state to the next. */
const PERIOD = 1000;

/** @param {{name: string}} given name: of the instance. */
export function Cpu({ name }) {
  /** @type {Reading<Api.InstanceState>} */
  const state = useRead(path`simulation/instances/${name}/state`);
  /** @type {Reading<Api.InstanceConfig>} */
  const config = useRead(path`simulation/instances/${name}/config`);
  const [time, setTime] = useState("2s");
  const [factor, setFactor] = useState("");
  const [passed, setPassed] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const timer = setInterval(state.reload, PERIOD);
    return () => clearInterval(timer);
  }, [state.reload]);
  const reload = () => (state.reload(), config.reload());
  /** @param {string} action */
  const post = (action, body = {}) => ({ method: "POST", path: `${path`simulation/instances/${name}`}/${action}`, body });
  /** @param {import("../../api.js").Answer} answer */
  const advanced = ({ data }) => (setPassed(data), reload());
  return loaded(state, (found) => {
      /** @param {...string} states */
      const is = (...states) => states.includes(found.operatingState);
      return html`<section class="card cpu" aria-label=${t("cpu")}>
        <dl class="facts">
          <div><dt>${t("state")}</dt><dd class="cpu-state"><${State} state=${found.operatingState} /></dd></div>
          <div><dt>${t("cpu.clock")}</dt><dd>${found.systemTime.replace("T", " ").replace(/(\.\d{3})\d*/, "$1").replace("Z", "")}</dd></div>
          ${config.data &&
          html`<div><dt>${t("cpu.type")}</dt><dd>${config.data.cpuType}</dd></div>
            <div><dt>${t("cpu.mode")}</dt><dd>${found.operatingMode}</dd></div>
            <div><dt>${t("cpu.scale")}</dt><dd>${number(config.data.scaleFactor)} ×</dd></div>
            ${/T(_|$)/.test(found.operatingMode) && html`<div><dt>${t("cpu.cycle")}</dt><dd>${number(config.data.minimalCycleTimeMs)} ms</dd></div>`}`}
        </dl>
        ${found.warning && html`<p class="warning">${found.warning}</p>`}
        <p class="buttons">
          ${is("Off") && html`<${Action} request=${post("power-on")} onDone=${reload}>${t("cpu.on")}<//>`}
          <${Action} kind="main" disabled=${is("Run", "Off")} request=${post("run")} onDone=${reload}>${t("cpu.run")}<//>
          <${Action} disabled=${is("Stop", "Off")} request=${post("stop")} onDone=${reload}>${t("cpu.stop")}<//>
          <${Action} disabled=${is("Freeze", "Off")} request=${post("actions/freeze")} onDone=${reload}>${t("cpu.freeze")}<//>
          <${Action} disabled=${!is("Freeze")} request=${post("actions/resume")} onDone=${reload}>${t("cpu.resume")}<//>
          ${!is("Off") && html`<${Action} confirm=${t("cpu.reset.confirm", { name })} request=${post("memory-reset")} onDone=${reload}>${t("cpu.reset")}<//>
            <${Action} confirm=${t("cpu.off.confirm", { name })} request=${post("power-off")} onDone=${reload}>${t("cpu.off")}<//>`}
        </p>
        <p class="buttons">
          <${Action} disabled=${!is("Run", "Freeze")} request=${post("actions/step")} onDone=${advanced}>${t("cpu.step")}<//>
          <label>${t("cpu.time")} <input type="text" size="6" value=${time} onInput=${(event) => setTime(event.target.value)} /></label>
          <${Action} disabled=${!is("Run", "Freeze") || !time} request=${() => post("actions/run-for", { duration: time })}
            onDone=${advanced}>${t("cpu.runfor")}<//>
          <label>${t("cpu.scale")} <input type="number" min="0.01" max="100" step="any" size="5" value=${factor}
            placeholder=${String(config.data?.scaleFactor ?? 1)} onInput=${(event) => setFactor(event.target.value)} /></label>
          <${Action} disabled=${!factor || is("Off")} onDone=${() => (setFactor(""), reload())}
            request=${() => ({ method: "PUT", path: path`simulation/instances/${name}/scale-factor`,
              body: { factor: Number(factor) } })}>${t("cpu.setscale")}<//>
        </p>
        ${passed && html`<p role="status"
          class="passed">${t("cpu.passed", { cycles: passed.cycles, virtual: number(passed.virtualTimeMs), real: number(passed.realTimeMs, 1) })}</p>`}
      </section>`;
    });
}
