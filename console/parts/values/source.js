// @ts-check
/** The source of the values of a PLC. */
import { path } from "../../api.js";
import { useRead } from "../load.js";

/**
 * Find the source of a PLC's values: its simulated CPU, or the connection to its real one.
 * @param {string} plc
 * @returns {{source: Api.RuntimeSource|null, sources: Api.RuntimeSource[],
 *   isKnown: boolean}} source: null without one. isKnown: whether the service has answered.
 */
export function useSource(plc) {
  /** @type {Reading<Api.CpuStatus>} */
  const cpu = useRead(path`devices/${plc}/cpu/status`);
  const read = useRead("runtime/sources");
  const sources = read.data || [];
  const instance = cpu.data?.instance;
  /** @param {any} text @param {string} name */
  const isNamed = (text, name) => text && text.toLowerCase() === name.toLowerCase();
  const source =
    (instance && sources.find((each) => isNamed(each.instance, instance))) ||
    sources.find((each) => isNamed(each.connection.device, plc)) ||
    sources.find((each) => each.real && isNamed(each.name, plc)) ||
    null;
  return { source, sources, isKnown: read.data !== null && (cpu.data !== null || cpu.problem !== null) };
}
