// @ts-check
/** The alarms as they are: read by one stream, and how urgent each is. */
import { useEffect, useRef, useState } from "preact/hooks";
import { follow } from "../../sse.js";
import { t, textLanguage } from "../../texts.js";

/** The least priority, its shape and its word: the shape says it without a colour. @type {[number, string, string][]} */
const PRIORITIES = [[750, "◆", "urgent"], [500, "▲", "high"], [250, "■", "medium"], [0, "●", "low"]];

/** @param {number} priority */
function of(priority) {
  return PRIORITIES.find(([least]) => priority >= least) || PRIORITIES[3];
}

/** @param {number} priority */
export function shapeOf(priority) {
  return of(priority)[1];
}

/** @param {number} priority */
export function wordOf(priority) {
  return of(priority)[2];
}

/** Whether an alarm is kept from operators. @param {Api.RuntimeAlarm} alarm */
export function isHidden(alarm) {
  return Boolean(alarm.shelvedUntil) || alarm.suppressed || alarm.outOfService;
}

/**
 * Follow the alarms.
 * @returns {{alarms: Api.RuntimeAlarm[], state: string, problem: any, number: number, announced: string}}
 *   number: of the newest line of the journal. announced: what is to be said aloud, once.
 */
export function useAlarms() {
  const known = useRef(/** @type {Map<string, Api.RuntimeAlarm>} */ (new Map()));
  const [shown, setShown] = useState({ state: "connecting", problem: /** @type {any} */ (null), number: 0, announced: "" });
  const wanted = textLanguage();
  useEffect(
    () =>
      follow("runtime/alarms/stream", { language: wanted }, {
        onMessage: (message) => {
          const data = JSON.parse(message.data);
          if (message.event === "alarms") {
            known.current = new Map(data.map((/** @type {Api.RuntimeAlarm} */ each) => [each.name, each]));
            setShown((before) => ({ ...before, number: before.number + 1 }));
          } else if (message.event === "alarm") {
            const { alarm, event } = data;
            if (event === "removed" || (alarm.state === "Normal" && !isHidden(alarm))) known.current.delete(alarm.name);
            else known.current.set(alarm.name, alarm);
            const isNew = event === "raised" && !alarm.acknowledged && !isHidden(alarm);
            setShown((before) => ({ ...before, number: data.number, announced: isNew ? `${t("alarms.new")} ${alarm.text || alarm.name}` : before.announced }));
          } else if (message.event === "error") setShown((before) => ({ ...before, problem: data }));
        },
        onState: (state, problem) => setShown((before) => ({ ...before, state, problem: problem || (state === "live" ? null : before.problem) })),
      }),
    [wanted],
  );
  const alarms = [...known.current.values()].sort(
    (one, other) => Number(one.acknowledged) - Number(other.acknowledged) || other.priority - one.priority
      || String(other.raisedAt).localeCompare(String(one.raisedAt)),
  );
  return { alarms, ...shown };
}
