// Drives the official client of SignalR 2 (the package signalr) against a server, and prints what it received as JSON.
// Arguments: address of the server, transport. The key comes in TIA_API_KEY, the packages from NODE_PATH.
"use strict";

const { JSDOM } = require("jsdom");
const { EventSource } = require("eventsource");
const WebSocket = require("ws");

const [address, transport] = process.argv.slice(2);
const key = { "X-API-Key": process.env.TIA_API_KEY };
const { window } = new JSDOM("", { url: address + "/" });
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url, { headers: key });
  }
};
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url, { fetch: (to, init) => fetch(to, { ...init, headers: { ...init.headers, ...key } }) });
  }
};
global.window = window;
global.document = window.document;
window.jQuery = require("jquery");
window.jQuery.ajaxSetup({ headers: key });
require("signalr");

const received = [];
const errors = [];
const states = [];
const waiting = [];
const connection = window.jQuery.hubConnection(address);
const jobs = connection.createHubProxy("jobhub");
jobs.on("jobStatusChanged", (job, status) => {
  received.push([job, status]);
  waiting.forEach((check) => check());
});
connection.error((error) => errors.push(String(error.message)));
connection.stateChanged((change) => states.push(change.newState));
connection.reconnectDelay = 100;

async function submit() {
  const answer = await fetch(address + "/api/catalog/actions/find", {
    method: "POST",
    headers: { ...key, "Content-Type": "application/json" },
    body: JSON.stringify({ orderNumber: "6ES7 511-1AK02-0AB0" }),
  });
  const document = await answer.json();
  if (answer.status !== 202) throw new Error(JSON.stringify(document));
  return document.data.jobId;
}

function ended(job) {
  return new Promise((resolve) => {
    const check = () => received.some((each) => each[0] === job && each[1] === "Completed") && resolve();
    waiting.push(check);
    check();
  });
}

async function run() {
  await connection.start({ transport, waitForPageLoad: false });
  const submitted = [];
  for (let count = 0; count < 2; count++) {
    submitted.push(await submit());
    await ended(submitted[count]);
  }
  const refusal = await jobs.invoke("publish", "x").then(() => "", (error) => error.message);
  const whileConnected = errors.length;
  let back;
  const reconnected = new Promise((resolve) => { back = resolve; });
  connection.reconnected(back);
  const broken = new Promise((resolve) => connection.reconnecting(resolve));
  connection.transport.lostConnection(connection);
  await broken;
  submitted.push(await submit());
  await reconnected;
  await ended(submitted[2]);
  submitted.push(await submit());
  await ended(submitted[3]);
  const used = connection.transport.name;
  connection.stop();
  return { used, submitted, received, refusal, states, errors: errors.slice(0, whileConnected) };
}

run().then(
  (found) => process.stdout.write(JSON.stringify(found), () => process.exit(0)),
  (error) => {
    console.error(error, states, errors, received);
    process.exit(1);
  },
);
