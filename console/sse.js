// @ts-check
/** Streams of events by fetch: EventSource sends no headers, and keys are never part of an address. */
import { address, problemOf, request } from "./api.js";
import { STALE } from "./live.js";

const FIRST = 500;
const LONGEST = 15000;

/**
 * @typedef {{id: string, event: string, data: string}} Message
 * @typedef {"connecting"|"live"|"cut"|"ended"|"refused"} StreamState
 */

/**
 * Follow a stream until the returned function is called. A stream that breaks is opened again behind the last event.
 * @param {string} target As `address` takes it.
 * @param {Record<string, any>} query
 * @param {{onMessage: (message: Message) => void, onBeat?: (beat: {time: number, online?: Record<string, string>}) => void,
 *   onState?: (state: StreamState, problem?: Error) => void, endless?: boolean, resume?: boolean}} listener
 *   onBeat: gets each sign of life; the stream counts as cut after three seconds without one.
 *   endless: whether the end of the stream counts as a break; otherwise the stream is over then.
 *   resume: whether a stream continues behind the last event; otherwise it begins from the start.
 * @returns {() => void}
 */
export function follow(target, query, { onMessage, onBeat = () => {}, onState = () => {}, endless = true, resume = true }) {
  const stopping = new AbortController();
  let last = "";
  let pause = FIRST;

  const read = async () => {
    const headers = { Accept: "text/event-stream", ...(last && resume ? { "Last-Event-ID": last } : {}) };
    const response = await request("GET", address(target, query), { headers, signal: stopping.signal });
    if (!response.ok || !response.body) {
      const problem = problemOf(response, await response.text());
      if (response.status < 500 && response.status !== 429) throw Object.assign(problem, { isFinal: true });
      throw problem;
    }
    let isLive = false;
    const seen = () => {
      if (!isLive) onState("live"); // the answer's head shows nothing: the first beat does
      isLive = true;
    };
    const parse = parser((message) => {
      last = message.id || last;
      pause = FIRST;
      seen();
      onMessage(message);
    }, (text) => {
      seen();
      onBeat(JSON.parse(text));
    }, (milliseconds) => (pause = milliseconds));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      let timer = 0;
      const silence = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("silence")), STALE)));
      try {
        const { done, value } = await Promise.race([reader.read(), silence]);
        if (done) return;
        parse(value);
      } catch (error) {
        void reader.cancel().catch(() => null);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    }
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      onState("connecting");
      /** @type {any} */
      let problem;
      try {
        await read();
        if (!endless) return onState("ended");
      } catch (error) {
        if (stopping.signal.aborted) return;
        problem = error;
        if (problem.isFinal) return onState("refused", problem);
      }
      onState("cut", problem);
      await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
      pause = Math.min(pause * 2, LONGEST);
    }
  };
  void run();
  return () => stopping.abort();
}

/**
 * Return a function that takes the text of a stream piece by piece.
 * @param {(message: Message) => void} onMessage
 * @param {(text: string) => void} [onBeat] Gets the JSON of each beat, which is a comment.
 * @param {(milliseconds: number) => void} [onRetry]
 * @returns {(text: string) => void}
 */
export function parser(onMessage, onBeat = () => {}, onRetry = () => {}) {
  let rest = "";
  let message = { id: "", event: "message", data: /** @type {string[]} */ ([]) };
  return (text) => {
    rest += text;
    const held = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const lines = held.split(/\r\n|\n|\r/);
    rest = lines.pop() + rest.slice(held.length);
    for (const line of lines) {
      if (!line) {
        if (message.data.length) onMessage({ ...message, data: message.data.join("\n") });
        message = { id: message.id, event: "message", data: [] };
        continue;
      }
      const colon = line.indexOf(":");
      if (line.startsWith(": beat ")) onBeat(line.slice(7));
      if (colon === 0) continue;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "data") message.data.push(value);
      else if (name === "id") message.id = value;
      else if (name === "event") message.event = value;
      else if (name === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
    }
  };
}
