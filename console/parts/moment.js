// @ts-check
/** The moment of a test: the values that a kept run has recorded, as the operands of a block have them. */
import { html } from "htm/preact";
import { path } from "../api.js";
import { link, route } from "../router.js";
import { number, t } from "../texts.js";
import { valueAt } from "./diagram.js";
import { useRead } from "./load.js";

/**
 * Read the moment that the address names: ?run=…&test=…&at=….
 * @returns {{run: string, test: number, at: number, title: string, values: Record<string, any>|null, problem: any}|null} Null where it names none.
 */
export function useMoment() {
  const { query } = route.value;
  const run = query.get("run") || "";
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
 * @param {any[]} signals
 * @param {number} at
 * @param {string} instance "#" for the block that is tested alone.
 */
export function valuesAt(signals, at, instance) {
  const root = `${instance}.`.toLowerCase();
  /** @param {any} signal */
  const operand = ({ name, writers }) => {
    if (instance === "#") return !name.startsWith("#") && writers.some((each) => each.instance === "#") ? `#${name}` : name;
    return instance && name.toLowerCase().startsWith(root) ? `#${name.slice(root.length)}` : name;
  };
  const known = signals.map((signal) => [operand(signal), valueAt(signal, at)]);
  return Object.fromEntries(known.filter(([, value]) => value !== null));
}

/** The line above a drawing whose values are those of a test, and the ways back. @param {{moment: NonNullable<ReturnType<typeof useMoment>>}} given */
export function MomentOf({ moment }) {
  const { path: here, query } = route.value;
  return html`<p class="warning" role="note">${t("moment.of", { test: moment.title, at: number(moment.at) })}${" "}
    <a href=${link(["tests", moment.run], { test: moment.test, at: moment.at })}>${t("moment.back")}</a>${" · "}
    <a href=${link(here, { net: query.get("net") })}>${t("moment.live")}</a></p>`;
}
